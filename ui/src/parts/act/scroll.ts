/** For tables that are wider than the page and have nothing in them to go to by keyboard. */
export const BY_KEYBOARD = { viewportProps: { tabIndex: 0 } } as const;
