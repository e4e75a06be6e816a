/** What came of an act: read out, and gone with the next one. */
import { Alert } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { Failure } from "../Failure";
import { Icon } from "../icons";
import { act as texts } from "./messages";
import type { Act } from "./useAct";

export function Said({ of }: { of: Pick<Act<never>, "error" | "said" | "forget"> }): ReactNode {
  const say = useText(texts);
  if (of.error) return <Failure error={of.error} />;
  return (
    <div role="status">
      {of.said && (
        <Alert color="green" variant="light" icon={<Icon name="check" />} withCloseButton closeButtonLabel={say("close")} onClose={of.forget} py="xs">
          {of.said}
        </Alert>
      )}
    </div>
  );
}
