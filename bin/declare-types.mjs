// The library's declarations in one file that imports nothing: what zod infers is written out as plain types.
import ts from 'typescript';

const EXPANDED =
  ts.NodeBuilderFlags.NoTruncation |
  ts.NodeBuilderFlags.InTypeAlias |
  ts.NodeBuilderFlags.MultilineObjectLiterals |
  ts.NodeBuilderFlags.UseSingleQuotesForStringLiteralType;
/** Types that are inferred from values, which a declaration has not got. */
const INFERRED = /\bz\.infer<|\btypeof\b/;

/**
 * Declares what the entry exports, and every type of ours that this stands on.
 *
 * @param {string} entry
 * @returns {string}
 */
export function declareTypes(entry) {
  const program = createProgram(entry);
  const checker = program.getTypeChecker();
  const resolveAlias = (symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
  const exported = new Set(checker.getExportsOfModule(module).map(resolveAlias));
  const texts = new Map();
  const waiting = [...exported];
  for (let symbol = waiting.shift(); symbol !== undefined; symbol = waiting.shift()) {
    const declaration = symbol.declarations?.[0];
    if (texts.has(symbol) || declaration?.getSourceFile().isDeclarationFile !== false) continue;
    if (!ts.isSourceFile(declaration.parent)) continue;
    const isInferred = ts.isTypeAliasDeclaration(declaration) && INFERRED.test(declaration.type.getText());
    const text = isInferred ? expand(symbol, checker) : emitted(program, declaration);
    texts.set(symbol, exported.has(symbol) ? `export ${text}` : text);
    if (!isInferred) waiting.push(...findTypes(declaration, checker).map(resolveAlias));
  }
  const sections = [...texts].map(([symbol, text]) => documentationOf(symbol) + text);
  return `${sections.join('\n\n')}\n\nexport {};\n`;
}

function createProgram(entry) {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  return ts.createProgram([entry], { ...options, declaration: true });
}

function expand(symbol, checker) {
  const type = checker.typeToTypeNode(checker.getDeclaredTypeOfSymbol(symbol), undefined, EXPANDED);
  const file = symbol.declarations[0].getSourceFile();
  return `type ${symbol.name} = ${ts.createPrinter().printNode(ts.EmitHint.Unspecified, type, file)};`;
}

/** The declaration as the compiler writes it, without bodies and private parts. */
function emitted(program, declaration) {
  let text = '';
  const keep = (_file, output) => (text = output);
  program.emit(declaration.getSourceFile(), keep, undefined, true);
  const file = ts.createSourceFile('emitted.d.ts', text, ts.ScriptTarget.Latest, true);
  const statement = file.statements.find(({ name }) => name?.text === declaration.name.text);
  return statement.getText().replace(/^export (?:declare )?/, (words) => words.replace('export ', ''));
}

/** The types that a declaration names; not those of bodies. */
function findTypes(declaration, checker) {
  const symbols = [];
  const visit = (node) => {
    if (ts.isBlock(node)) return;
    if (ts.isTypeReferenceNode(node)) symbols.push(checker.getSymbolAtLocation(node.typeName));
    if (ts.isExpressionWithTypeArguments(node)) symbols.push(checker.getSymbolAtLocation(node.expression));
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return symbols.filter((symbol) => symbol !== undefined);
}

function documentationOf({ declarations: [declaration] }) {
  const text = declaration.getSourceFile().text;
  const comments = ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc);
  return comments.map(({ pos, end }) => `${text.slice(pos, end)}\n`).join('');
}
