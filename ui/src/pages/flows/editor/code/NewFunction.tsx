/** A function that is not there yet: its name goes into the flow, its code into a folder of that. */
import { TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { addFunction } from "../../../../graph/document/parts";
import { useText } from "../../../../language/language";
import { useEditor } from "../context";
import { isFunctionName, newFunction } from "./functions";
import { code } from "./messages";

export function NewFunction({ taken }: { taken: readonly string[] }): ReactNode {
  const say = useText(code);
  const edit = useEditor((state) => state.edit);
  const [name, setName] = useState("");
  const wanted = name.trim();
  const wrong = wanted !== "" && (!isFunctionName(wanted) || taken.includes(wanted));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted === "" || wrong) return;
        edit((source) => ({ source: addFunction(source, wanted, newFunction(wanted)).source }));
        setName("");
      }}
    >
      <TextInput
        size="xs"
        mt={4}
        aria-label={say("newFunction")}
        placeholder={say("newFunction")}
        description={wanted === "" ? undefined : say("newFunctionHelp")}
        inputWrapperOrder={["input", "description", "error"]}
        error={wrong ? say(taken.includes(wanted) ? "nameTaken" : "badName") : null}
        value={name}
        maxLength={63}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </form>
  );
}
