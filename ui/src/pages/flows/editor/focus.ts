/** Where the keys go when a step is opened. */
/** Give the form of a step the focus as soon as it is there. */
export function focusForm(side: HTMLElement | null, id: string, frames = 60): void {
  window.requestAnimationFrame(() => {
    const form = side?.querySelector(`.step-form[data-of="${CSS.escape(id)}"]`);
    if (form) form.querySelector<HTMLElement>("input, textarea")?.focus();
    else if (frames > 0) focusForm(side, id, frames - 1);
  });
}
