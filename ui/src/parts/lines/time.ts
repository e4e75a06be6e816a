/** The time of day with milliseconds, in the browser's time zone. */
export function timeOfDay(at: number): string {
  const moment = new Date(at * 1000);
  const digits = (value: number, count: number) => String(value).padStart(count, "0");
  return `${digits(moment.getHours(), 2)}:${digits(moment.getMinutes(), 2)}:${digits(moment.getSeconds(), 2)}.${digits(moment.getMilliseconds(), 3)}`;
}
