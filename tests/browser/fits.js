// What of a page is cut off in its window: the page is wider, or something to click or fill in is out of reach.
() => {
  const wrong = [];
  const width = document.documentElement.clientWidth;
  const name = (element) => element.outerHTML.slice(0, 140);
  if (document.documentElement.scrollWidth > width) wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
  const open = [...document.querySelectorAll("[role=dialog]")].find((each) => each.checkVisibility());
  const within = open ?? document;
  const reached = "a[href], button, input, select, textarea, [role=tab], [role=button], [role=combobox], [contenteditable=true], [tabindex='0']";
  for (const element of within.querySelectorAll(reached)) {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    let box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) continue; // for readers alone
    let fixed = false;
    for (let around = element.parentElement; around && around !== document.documentElement; around = around.parentElement) {
      if (around.matches(".react-flow")) { box = null; break; } // a canvas is moved about
      const style = getComputedStyle(around);
      const frame = around.getBoundingClientRect();
      if (/auto|scroll/.test(style.overflowX) && around.scrollWidth > around.clientWidth) {
        // It scrolls: what counts is where that stands, and that its edge shows it.
        const told = around.closest(".wide[data-behind], .wide[data-before], .executions, .timeline, .lines, .cm-editor, [data-scrolls]");
        if (!told) wrong.push(`nothing shows that this scrolls: ${name(around)}`);
        box = frame;
      } else if (/hidden|clip/.test(style.overflowX) && (box.right > frame.right + 1 || box.left < frame.left - 1)) {
        if (frame.width > 1) wrong.push(`cut off by ${name(around)}: ${name(element)}`);
        box = frame;
      }
    }
    if (box && (box.left < -1 || box.right > width + 1)) wrong.push(`out of the window (${Math.round(box.left)} to ${Math.round(box.right)}): ${name(element)}`);
  }
  return [...new Set(wrong)].slice(0, 12);
}
