import ts from 'typescript-compiler';
import type { Files } from './sources.ts';

/** Lines of a file; a test's lists many cases. */
const MOST_LINES = 300;
const MOST_LINES_OF_TESTS = 500;

/** Lines of the median file of schema/ and src/. */
const MEDIAN_LINES = 80;

/** Lines of a function, its comments included. */
const MOST_LINES_OF_FUNCTION = 60;

/** The heading in CONTRIBUTING.md below which longer functions are named: "- `path` `name`: reason". */
const LONG_FUNCTIONS_HEADING = /^#+ .*functions.*60 lines.*$/im;

function linesOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

export function longFiles(files: Files): string[] {
  return [...files]
    .filter(([path, text]) => linesOf(text) > (path.startsWith('test/') ? MOST_LINES_OF_TESTS : MOST_LINES))
    .map(([path, text]) => `${path} has ${linesOf(text)} lines`);
}

/** The median of schema/ and src/, when it is over the limit. */
export function longMedian(files: Files): string[] {
  const lines = [...files]
    .filter(([path]) => /^(schema|src)\//.test(path))
    .map(([, text]) => linesOf(text))
    .sort((a, b) => a - b);
  const median = lines[Math.floor(lines.length / 2)] ?? 0;
  return median > MEDIAN_LINES ? [`The median file has ${median} lines`] : [];
}

/** Functions over the limit that `contributing` does not name, and those it names for no reason. */
export function longFunctions(files: Files, contributing: string): string[] {
  const named = namedFunctions(contributing);
  const long = [...files].flatMap(([path, text]) => functionsOver({ path, text }));
  return [
    ...long.filter(({ id }) => !named.has(id)).map(({ id, lines }) => `${id} has ${lines} lines`),
    ...[...named].filter((id) => !long.some((found) => found.id === id)).map((id) => `${id} is named, but not long`),
  ];
}

/** Reads lines such as "- `src/start.ts` `start`: it opens what it closes." */
function namedFunctions(contributing: string): ReadonlySet<string> {
  const heading = LONG_FUNCTIONS_HEADING.exec(contributing);
  if (!heading) return new Set();
  const section = contributing.slice(heading.index + heading[0].length).split(/^#+ /m, 1)[0]!;
  return new Set([...section.matchAll(/^- `([^`]+)` `([^`]+)`: \S/gm)].map(([, path, name]) => `${path} ${name}`));
}

function functionsOver({ path, text }: { path: string; text: string }): { id: string; lines: number }[] {
  if (linesOf(text) <= MOST_LINES_OF_FUNCTION) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: { id: string; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    const [first, last] = [node.getStart(), node.end].map((at) => source.getLineAndCharacterOfPosition(at).line);
    const lines = last! - first! + 1;
    // Nothing inside of it is longer.
    if (lines <= MOST_LINES_OF_FUNCTION) return;
    if (ts.isFunctionLike(node) && !listsTests(node)) found.push({ id: `${path} ${nameOf(node)}`, lines });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether a function is what `describe` is given: it holds tests, which are functions themselves. */
function listsTests({ parent }: ts.Node): boolean {
  return ts.isCallExpression(parent) && /^describe\b/.test(parent.expression.getText());
}

/** The function's own name, or that of the variable, the property or the call that it is given to. */
function nameOf(node: ts.Node): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { name } = node as ts.NamedDeclaration;
  if (name) return name.getText();
  const { parent } = node;
  if (ts.isCallExpression(parent)) return parent.expression.getText();
  return (parent as ts.NamedDeclaration).name?.getText() ?? 'anonymous';
}
