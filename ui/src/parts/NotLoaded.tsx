/** A file of the dashboard is not there: the server has another version of it by now. */
import { Alert, Button, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../language/language";
import { Icon } from "./icons";
import { parts } from "./messages";

export function NotLoaded(): ReactNode {
  const say = useText(parts);
  return (
    <Alert color="blue" variant="light" role="alert" title={say("newVersion")} icon={<Icon name="again" />} m="md">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{say("newVersionRemedy")}</Text>
        <Button size="xs" onClick={() => window.location.reload()}>
          {say("reload")}
        </Button>
      </Stack>
    </Alert>
  );
}
