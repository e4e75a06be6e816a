import { catalog } from "../../../../../language/catalog";

export const check = catalog({
  en: {
    run: "Run",
    lastRun: "Last: {which}",
    runOf: "{at} of {count}",
    iteration: "iteration {iteration}",
    attempt: "attempt {attempt}",
    noRunFits: "No run like that",
  },
  zh: {
    run: "运行",
    lastRun: "最近一次：{which}",
    runOf: "第 {at}/{count} 次",
    iteration: "迭代 {iteration}",
    attempt: "第 {attempt} 次尝试",
    noRunFits: "没有符合的运行",
  },
});
