/** Logging in: by a token, by name and password, or with the provider that the server knows. */
import { Button, Card, Center, Group, PasswordInput, SegmentedControl, Stack, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode, type SyntheticEvent } from "react";
import { answer, api } from "../../client/api";
import { logIn, type Credentials } from "../../client/login";
import { useText } from "../../language/language";
import { Failure } from "../../parts/Failure";
import { Prose } from "../../parts/Prose";
import { login } from "./messages";

type Way = "token" | "password";

export default function Login(): ReactNode {
  const say = useText(login);
  const [way, setWay] = useState<Way>("token");
  const methods = useQuery({ queryKey: ["login-methods"], queryFn: () => answer(api.GET("/api/v1/session/methods")) });
  const attempt = useMutation({ mutationFn: (credentials: Credentials) => logIn(credentials) });
  useEffect(() => {
    document.title = `${say("title")} · Headrace`;
  }, [say]);
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === "string" ? value : "";
    };
    attempt.mutate(way === "token" ? { token: text("token").trim() } : { name: text("name"), password: text("password") });
  };
  const oidc = methods.data?.oidc;
  return (
    <Center mih="100vh" p="md" component="main">
      <Card withBorder w={420} maw="100%" padding="lg">
        <form onSubmit={submit}>
          <Stack>
            <Group gap="sm">
              <img src="/icon.svg" alt="" width={32} height={32} />
              <Title order={1} size="h3">
                {say("title")}
              </Title>
            </Group>
            <SegmentedControl
              fullWidth
              value={way}
              onChange={(chosen) => setWay(chosen)}
              data={[
                { value: "token", label: say("withToken") },
                { value: "password", label: say("withPassword") },
              ]}
            />
            {way === "token" ? (
              <PasswordInput key="token" name="token" label={say("token")} description={<Prose text={say("tokenHelp")} />} required autoComplete="off" data-autofocus />
            ) : (
              <>
                <TextInput key="name" name="name" label={say("name")} required autoComplete="username" />
                <PasswordInput key="password" name="password" label={say("password")} required autoComplete="current-password" />
              </>
            )}
            {attempt.error && <Failure error={attempt.error} />}
            <Button type="submit" loading={attempt.isPending}>
              {say("submit")}
            </Button>
            {oidc && (
              <Button component="a" href={oidc.path} variant="default">
                {say("with", { title: oidc.title })}
              </Button>
            )}
          </Stack>
        </form>
      </Card>
    </Center>
  );
}
