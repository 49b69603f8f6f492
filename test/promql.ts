/** A series as a gateway exports it. */
export interface Series {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** Reads figures in the text format of Prometheus. */
export function readSeries(text: string): Series[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name, labels = '', value] = /^([a-z_]\w*)(?:\{(.*)\})? (\S+)$/i.exec(line)!;
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
      return {
        name: name!,
        labels: Object.fromEntries(pairs.map(([, label, text]) => [label!, text!])),
        value: Number(value),
      };
    });
}

/** What Prometheus adds to all series of a target. */
const OF_TARGETS = ['instance', 'job'];
/** Of Prometheus itself: whether a target answers. */
const OWN_METRICS = ['up'];
const KEYWORDS = ['and', 'or', 'unless', 'bool', 'offset', 'on', 'ignoring', 'group_left', 'group_right'];

interface Selector {
  name: string;
  matchers: { label: string; operator: string; value: string }[];
}

/** The selectors of an expression, and the labels that it groups by. */
export function readExpression(expression: string): { selectors: Selector[]; groupedBy: string[] } {
  const groupedBy: string[] = [];
  const rest = expression.replaceAll(/\b(?:by|without)\s*\(([^)]*)\)/g, (_, labels: string) => {
    groupedBy.push(...labels.split(',').map((label) => label.trim()));
    return ' ';
  });
  const found = rest.matchAll(/(?<![\w$.[])([a-zA-Z_]\w*)\s*(\{[^}]*\}|\()?/g);
  const selectors = [...found]
    .filter(([, name, after]) => after !== '(' && !KEYWORDS.includes(name!))
    .map(([, name, matchers = '']) => ({
      name: name!,
      matchers: [...matchers.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, label, operator, value]) => ({
        label: label!,
        operator: operator!,
        value: value!,
      })),
    }));
  return { selectors, groupedBy };
}

/** What an expression names that is not among the series. */
export function missingIn(expression: string, series: readonly Series[], shown: readonly string[] = []): string[] {
  const { selectors, groupedBy } = readExpression(expression);
  if (selectors.length === 0) return [`no metric in ${expression}`];
  const known = selectors.flatMap((selector) => matching(selector, series));
  const labels = [...OF_TARGETS, ...known.flatMap((one) => Object.keys(one.labels))];
  return [
    ...selectors
      .filter((selector) => !OWN_METRICS.includes(selector.name) && matching(selector, series).length === 0)
      .map((selector) => JSON.stringify(selector)),
    ...[...groupedBy, ...shown].filter((label) => !labels.includes(label)).map((label) => `label ${label}`),
  ];
}

function matching({ name, matchers }: Selector, series: readonly Series[]): Series[] {
  return series.filter(
    (one) =>
      one.name === name &&
      matchers.every(({ label, operator, value }) => {
        if (OF_TARGETS.includes(label)) return true;
        const own = one.labels[label];
        if (own === undefined) return false;
        const isEqual = operator.includes('~') ? new RegExp(`^(?:${value})$`).test(own) : own === value;
        return operator.startsWith('!') ? !isEqual : isEqual;
      }),
  );
}
