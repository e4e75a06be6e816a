/** Parts of addresses. Pure. */

/** A part of an address as it was before it was put there; what was never encoded stays. */
export function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? "");
  } catch {
    return part ?? "";
  }
}
