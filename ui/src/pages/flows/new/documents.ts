/** The documents that a new flow begins with. */
import { flavourOf } from "../../../graph/document/flow";
import { triggersOf } from "../../../graph/document/parts";
import { dataOf, open, type Source } from "../../../graph/document/source";
import { removeValue, setValue } from "../../../graph/document/values";
import { valueAt } from "../../../graph/pointer";

export const DEFAULT_NAMESPACE = "default";

/** A flow that does nothing yet: the least that the server takes. */
export function blank(namespace: string, name: string): string {
  const where = namespace === DEFAULT_NAMESPACE ? "" : `  namespace: ${quoted(namespace)}\n`;
  return `apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata:
  name: ${quoted(name)}
${where}spec:
  version: 0.1.0
  steps: []
`;
}

/** A name as YAML: `007`, `1e3` and `true` would be no texts. */
function quoted(name: string): string {
  return /^(?:[\d+-].*|true|false|null|yes|no|on|off|y|n)$/i.test(name) ? JSON.stringify(name) : name;
}

export interface Identity {
  readonly namespace: string;
  readonly name: string;
}

/** Which flow a document is; what it does not say is empty. */
export function identityOf(source: Source): Identity {
  const data = dataOf(source);
  const at = flavourOf(data) === "flowapp" ? "/metadata" : "/document";
  const text = (name: string) => {
    const value = valueAt(data, `${at}/${name}`);
    return typeof value === "string" ? value : "";
  };
  return { namespace: text("namespace") || DEFAULT_NAMESPACE, name: text("name") };
}

/** The document as another flow: only the lines of its name and namespace change. */
export function named(source: Source, { namespace, name }: Identity): Source {
  const flowapp = flavourOf(dataOf(source)) === "flowapp";
  const at = flowapp ? "/metadata" : "/document";
  const now = identityOf(source);
  const renamed = now.name === name ? source : setValue(source, `${at}/name`, name);
  if (now.namespace === namespace) return renamed;
  // An OWS document always names its namespace; a FlowApp need not name the default one.
  return flowapp && namespace === DEFAULT_NAMESPACE ? removeValue(renamed, `${at}/namespace`) : setValue(renamed, `${at}/namespace`, namespace);
}

/**
 * The document as another flow that starts by itself: http paths and queues that were called like the flow are
 * called like the new one, for two flows cannot answer at one path, and would take each other's items.
 */
export function apart(source: Source, identity: Identity): Source {
  const before = identityOf(source).name;
  let result = named(source, identity);
  for (const { kind, pointer } of triggersOf(dataOf(source))) {
    const at = `${pointer}/${kind}/${kind === "http" ? "path" : "name"}`;
    const begin = kind === "http" ? "/" : "";
    if ((kind === "http" || kind === "queue") && valueAt(dataOf(source), at) === begin + before) result = setValue(result, at, begin + identity.name);
  }
  return result;
}

/** The text as another flow; as it is when it cannot be read. */
export function namedText(text: string, identity: Identity): string {
  const { source } = open(text);
  return source ? named(source, identity).text : text;
}
