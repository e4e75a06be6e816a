/** What keeps the flows running, part by part; only those parts that the role may see. */
import { Box, Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { Route, Switch, useLocation, useParams } from "wouter";
import { useMay } from "../../client/session";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";
import { decoded } from "../../parts/address";
import { Roles } from "./access/Roles";
import { Tokens } from "./access/Tokens";
import { Users } from "./access/Users";
import { Alerts } from "./alerts/Alerts";
import { Audit } from "./audit/Audit";
import { Functions } from "./functions/Functions";
import { operations } from "./messages";
import { useMayEverywhere, useMaySomewhere } from "./roles";
import { Secrets } from "./secrets/Secrets";
import { Settings } from "./settings/Settings";
import { Schedules } from "./triggers/Schedules";
import { Trigger } from "./triggers/Trigger";
import { Triggers } from "./triggers/Triggers";

const SECTIONS = {
  functions: <Functions />,
  triggers: <Triggers />,
  schedules: <Schedules />,
  alerts: <Alerts />,
  secrets: <Secrets />,
  audit: <Audit />,
  users: <Users />,
  roles: <Roles />,
  tokens: <Tokens />,
  settings: <Settings />,
} as const;
type Section = keyof typeof SECTIONS;

const NAMES = Object.keys(SECTIONS) as Section[];

export default function Operations(): ReactNode {
  return (
    <Switch>
      <Route path="/operations/triggers/:flow/:name">
        {({ flow, name }) => <Trigger key={`${flow}/${name}`} flow={decoded(flow)} name={decoded(name)} />}
      </Route>
      <Route path="/operations/:section">
        <Sections />
      </Route>
      <Route>
        <Sections />
      </Route>
    </Switch>
  );
}

function Sections(): ReactNode {
  const say = useText(operations);
  const namespace = useNamespace();
  const [, go] = useLocation();
  const { section = "functions" } = useParams<{ section?: string }>();
  const administers = useMay("admin", namespace);
  const administersSome = useMaySomewhere("admin");
  const administersAll = useMayEverywhere("admin");
  const may: Partial<Record<Section, boolean>> = { audit: administersSome, tokens: administersSome, users: administersAll, roles: administers };
  const offered = NAMES.filter((name) => may[name] ?? true);
  const shown = offered.find((name) => name === section);
  return (
    <Page title={say("title")}>
      <Tabs value={section} onChange={(name) => go(`/operations/${name ?? ""}`)} keepMounted={false}>
        <Tabs.List aria-label={say("sections")} style={{ rowGap: 2 }}>
          {offered.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {say(name)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={section}>
          <Box pt="md">
            {shown ? (
              SECTIONS[shown]
            ) : (
              <Empty icon="key" title={say("notOffered")}>
                {say("notOfferedRemedy")}
              </Empty>
            )}
          </Box>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
