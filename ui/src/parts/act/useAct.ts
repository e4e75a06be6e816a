/** Something that is done on the server: under way, failed, or done with a word about it. */
import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useRef, useState, type ReactNode } from "react";
import { isUnreachable } from "../../client/api";

export interface Act<Input> {
  /** Resolves to whether it was done; what went wrong is in `error`. */
  readonly run: (input: Input) => Promise<boolean>;
  readonly busy: boolean;
  readonly error: unknown;
  /** What came of it, in words; null where there is nothing to say. */
  readonly said: ReactNode;
  readonly forget: () => void;
}

interface Options<Input, Output> {
  readonly act: (input: Input) => Promise<Output>;
  readonly says?: (output: Output, input: Input) => ReactNode;
  /** What is to be read again afterwards. */
  readonly refresh?: readonly QueryKey[];
}

export function useAct<Input, Output>({ act, says, refresh = [] }: Options<Input, Output>): Act<Input> {
  const queries = useQueryClient();
  const [said, setSaid] = useState<ReactNode>(null);
  // A second click comes before the first one shows.
  const busy = useRef(false);
  const mutation = useMutation({
    mutationFn: act,
    onMutate: () => setSaid(null),
    onSuccess: (output, input) => setSaid(says?.(output, input) ?? null),
    // Also after a failure: part of it may have been done.
    onSettled: (_output, error) => {
      const read = Promise.all(refresh.map((queryKey) => queries.invalidateQueries({ queryKey })));
      // That the server is gone is told now, not when it is back and all is read.
      return isUnreachable(error) ? undefined : read;
    },
  });
  return {
    run: async (input) => {
      if (busy.current) return false;
      busy.current = true;
      return mutation
        .mutateAsync(input)
        .then(
          () => true,
          () => false,
        )
        .finally(() => {
          busy.current = false;
        });
    },
    busy: mutation.isPending,
    error: mutation.error,
    said,
    forget: () => {
      mutation.reset();
      setSaid(null);
    },
  };
}
