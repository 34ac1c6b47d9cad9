import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The distinct regular expressions of the sources below these folders, each with the place where it stands first. */
export function listExpressions(folders) {
  const found = new Map();
  for (const folder of folders) {
    for (const name of readdirSync(folder, { recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const file = join(folder, name);
      const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
      visit(tree, (literal) => {
        const { line } = tree.getLineAndCharacterOfPosition(literal.getStart());
        const end = literal.text.lastIndexOf('/');
        const [source, flags] = [literal.text.slice(1, end), literal.text.slice(end + 1)];
        if (!found.has(literal.text))
          found.set(literal.text, { source, flags, place: `${file}:${line + 1}` });
      });
    }
  }
  return [...found.values()];
}

function visit(node, take) {
  if (ts.isRegularExpressionLiteral(node)) take(node);
  ts.forEachChild(node, (child) => visit(child, take));
}
