import { catalog } from "../../language/catalog";

export const login = catalog({
  en: {
    title: "Log in",
    withToken: "Token",
    withPassword: "Name and password",
    token: "Token",
    tokenHelp: "`headrace up` shows it at the first start, with a link that logs in by itself.",
    name: "Name",
    password: "Password",
    submit: "Log in",
    with: "Log in with {title}",
  },
  zh: {
    title: "登录",
    withToken: "令牌",
    withPassword: "用户名和密码",
    token: "令牌",
    tokenHelp: "`headrace up` 第一次启动时会显示令牌，以及可以直接登录的链接。",
    name: "用户名",
    password: "密码",
    submit: "登录",
    with: "使用 {title} 登录",
  },
});
