/** A table that may be wider than its place: it scrolls by itself, and its edges show where there is more of it. */
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { useText } from "../language/language";
import { parts } from "./messages";
import "./wide.css";

interface Props {
  /** What its columns need, in pixels. */
  readonly minWidth: number;
  /** Above this height, in pixels, it scrolls downwards too. */
  readonly maxHeight?: number;
  readonly children: ReactNode;
}

export function Wide({ minWidth, maxHeight, children }: Props): ReactNode {
  const say = useText(parts);
  const [element, viewport] = useState<HTMLElement | null>(null);
  const [hidden, setHidden] = useState({ before: false, behind: false, below: false });
  const look = useCallback(() => {
    if (!element) return;
    const { scrollLeft, scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
    // Widths are rounded: a pixel is nothing.
    const now = { before: scrollLeft > 1, behind: scrollWidth - clientWidth - scrollLeft > 1, below: scrollHeight - clientHeight > 1 };
    setHidden((known) => (known.before === now.before && known.behind === now.behind && known.below === now.below ? known : now));
  }, [element]);
  useEffect(() => {
    if (!element) return undefined;
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    if (element.firstElementChild) sizes.observe(element.firstElementChild);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [element, look]);
  const scrolls = hidden.before || hidden.behind || hidden.below;
  return (
    <div className="wide" data-before={hidden.before || undefined} data-behind={hidden.behind || undefined}>
      {/* What scrolls is gone to by keyboard, also where nothing in it can be. */}
      <div ref={viewport} className="wide__viewport" style={maxHeight === undefined ? undefined : { maxHeight }} {...(scrolls ? { tabIndex: 0, role: "group", "aria-label": say("scrolls") } : {})}>
        <div style={{ minWidth }}>{children}</div>
      </div>
    </div>
  );
}
