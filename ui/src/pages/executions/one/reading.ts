/** Reads what grows, page after page to its end, and on when it is told that there is more. */

interface Page {
  readonly items: readonly unknown[];
  readonly next?: string | null;
}

export interface Snapshot<State> {
  readonly state: State;
  /** Whether all that there was has been read once. */
  readonly complete: boolean;
  readonly error: unknown;
}

interface Ways<State, P extends Page> {
  readonly ask: (after: string | null) => Promise<P>;
  readonly add: (state: State, page: P) => State;
  /** A page with fewer items is the last one. */
  readonly full: number;
  /** The time between two looks for more. */
  readonly pause: () => Promise<void>;
}

export class Reading<State, P extends Page> {
  private readonly listeners = new Set<() => void>();
  private current: Snapshot<State>;
  private after: string | null = null;
  private busy = false;
  private wanted = false;

  constructor(
    first: State,
    private readonly ways: Ways<State, P>,
  ) {
    this.current = { state: first, complete: false, error: null };
  }

  /** Look for more, now or when what is being read is read. */
  readonly more = (): void => {
    this.wanted = true;
    if (!this.busy) void this.run();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot<State> => this.current;

  private async run(): Promise<void> {
    this.busy = true;
    try {
      while (this.wanted) {
        this.wanted = false;
        await this.toTheEnd();
        await this.ways.pause();
      }
    } catch (error) {
      this.show({ ...this.current, error });
    } finally {
      this.busy = false;
    }
  }

  private async toTheEnd(): Promise<void> {
    let { state } = this.current;
    for (let first = true; ; first = false) {
      const page = await this.ways.ask(this.after);
      state = this.ways.add(state, page);
      this.after = page.next ?? this.after;
      const ended = page.items.length < this.ways.full || page.next == null;
      // The first page is shown at once; drawing each of many would take longer than reading them.
      if (ended || first) this.show({ state, complete: this.current.complete || ended, error: null });
      if (ended) return;
    }
  }

  private show(snapshot: Snapshot<State>): void {
    this.current = snapshot;
    for (const each of this.listeners) each();
  }
}
