import { catalog } from "../../language/catalog";

export const executions = catalog({
  en: {
    title: "Executions",
    flow: "Flow",
    status: "Status",
    started: "Started",
    duration: "Duration",
    id: "Execution",
    emptyTitle: "No executions yet",
    toFlows: "Go to the flows",
    empty: "Every run of a flow is on record here, with each of its steps. Start one from a flow's page, or let a trigger do it.",
  },
  zh: {
    title: "执行",
    flow: "流程",
    status: "状态",
    started: "开始时间",
    duration: "耗时",
    id: "执行",
    emptyTitle: "还没有执行",
    toFlows: "前往流程",
    empty: "流程的每一次运行及其每个步骤都会记录在这里。可以从流程页面启动，也可以由触发器启动。",
  },
});
