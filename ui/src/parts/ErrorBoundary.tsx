/** Keeps a fault of one page from taking the rest along. */
import { Alert, Button, Code, Stack, Text } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useText } from "../language/language";
import { LoadError } from "./ahead";
import { Icon } from "./icons";
import { parts } from "./messages";
import { NotLoaded } from "./NotLoaded";

interface Props {
  readonly children: ReactNode;
  /** A new one means a new beginning: the address of the page. */
  readonly place: string;
}

interface State {
  readonly error: unknown;
  readonly place: string;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, place: this.props.place };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.place === state.place ? null : { error: null, place: props.place };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return error instanceof LoadError ? <NotLoaded /> : <Crash error={error} />;
  }
}

function Crash({ error }: { error: unknown }): ReactNode {
  const say = useText(parts);
  return (
    <Alert color="red" role="alert" title={say("crashed")} icon={<Icon name="warning" />} m="md">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{say("crashedRemedy")}</Text>
        <Code block>{error instanceof Error ? (error.stack ?? error.message) : String(error)}</Code>
        <Button size="xs" onClick={() => window.location.reload()}>
          {say("reload")}
        </Button>
      </Stack>
    </Alert>
  );
}
