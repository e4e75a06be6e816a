/** Text in the editor's dress: loaded when it is shown for the first time. */
import { Suspense, type ReactNode } from "react";
import { ahead } from "../ahead";
import { Loading } from "../Loading";

const Editor = ahead(() => import("./Editor"));

export interface CodeProps {
  readonly text: string;
  readonly language: "yaml" | "json" | "python" | "javascript";
  readonly label: string;
  /** Without it the text cannot be changed. */
  readonly onChange?: (text: string) => void;
  /** Where the text is wrong: offsets with a message. */
  readonly problems?: readonly CodeProblem[];
  /** Offsets of what to show and mark. */
  readonly reveal?: { readonly from: number; readonly to: number } | null;
  readonly onCursor?: (offset: number) => void;
  /** Tells of each new text before `text` has it, until the function that it returns is called. The same from time to time. */
  readonly follow?: (show: (text: string) => void) => () => void;
}

export interface CodeProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly severity: "error" | "warning";
}

export function Code(props: CodeProps): ReactNode {
  return (
    <Suspense fallback={<Loading />}>
      <Editor {...props} />
    </Suspense>
  );
}
