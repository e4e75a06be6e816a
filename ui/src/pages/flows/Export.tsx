/** A flow as a file: as it was written, or as a document of the open language. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer, api } from "../../client/api";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/icons";
import { parts } from "../../parts/messages";
import type { FlowDetail } from "./data";
import { flows } from "./messages";

export function Export({ flow }: { flow: FlowDetail }): ReactNode {
  const say = useText(flows);
  const sayPart = useText(parts);
  const namespace = useNamespace();
  const [shown, { open, close }] = useDisclosure(false);
  const { name, digest } = flow;
  const { data, error } = useQuery({
    queryKey: ["flow", namespace, name, "ows", digest],
    enabled: shown,
    queryFn: ({ signal }) => answer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}/ows", { params: { path: { namespace, name } }, parseAs: "text", signal })),
  });
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {say("export")}
      </Button>
      <Modal opened={shown} onClose={close} title={say("exportTitle", { name })} closeButtonProps={{ "aria-label": sayPart("close") }}>
        <Stack>
          <Text size="sm">{say("exportHelp")}</Text>
          {Boolean(error) && <Failure error={error} />}
          <Group>
            <Button component="a" href={hrefOf(flow.text)} download={`${name}.yaml`} variant="default" leftSection={<Icon name="down" size={14} />}>
              {say("exportWritten")}
            </Button>
            {data !== undefined && (
              <Button component="a" href={hrefOf(data)} download={`${name}.ows.yaml`} variant="default" leftSection={<Icon name="down" size={14} />}>
                {say("exportOws")}
              </Button>
            )}
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function hrefOf(text: string): string {
  return `data:application/yaml;charset=utf-8,${encodeURIComponent(text)}`;
}
