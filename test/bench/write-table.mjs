// `npm run bench:table -- FILE`: writes the README's table of figures from what `npm run bench -- --json FILE` measured.
import { readFileSync } from 'node:fs';
import { writeSection } from '../setup/marked-section.mjs';

const [file, readme = 'README.md'] = process.argv.slice(2);
if (file === undefined) {
  console.error('which file? npm run bench -- --json FILE writes one');
  process.exit(2);
}
const { at, machine, results } = JSON.parse(readFileSync(file, 'utf8'));

const subject = 'proxaudit';
const row = (cells) => `| ${cells.join(' | ')} |`;
const round = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(value < 10 ? 2 : 1));
const formatOthers = ({ medians }) =>
  Object.entries(medians)
    .filter(([contender]) => contender !== subject)
    .map(([contender, value]) => `${contender} ${round(value)}`)
    .join(', ');
const formatComparison = ({ label, value, floor, aim, better, meetsFloor, meetsAim }) =>
  `${label}: **${round(value)}**, at ${better === 'lower' ? 'most' : 'least'} ${floor}, aim ${aim}: ${meetsAim ? 'aim met' : meetsFloor ? 'floor met' : 'missed'}`;

const table = [
  row(['', subject, 'beside it', 'floor and aim']),
  row(['---', '---:', '---', '---']),
  ...results.map((result) =>
    row([
      result.name,
      result.medians[subject] === undefined ? '–' : `${round(result.medians[subject])} ${result.unit}`,
      formatOthers(result),
      result.comparisons.map(formatComparison).join('<br>'),
    ]),
  ),
];
const where = `${machine.cores} × ${machine.cpu}, Node ${machine.node}, ${machine.platform} ${machine.release}`;
await writeSection(readme, 'bench', `Medians of ${at.slice(0, 10)} on ${where}:\n\n${table.join('\n')}`);
