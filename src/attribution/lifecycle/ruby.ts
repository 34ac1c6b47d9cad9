import { stateEvidence, type Recognise } from './evidence.ts';

// …/gems/NAME-VERSION/ext/…, where VERSION may carry a platform.
const PLACE = /\/gems\/([^/]+)\/ext(?:\/|$)/;
const FOLDER = /^(.+?)-(\d[^-]*)/;

/** RubyGems builds native extensions by `ruby … extconf.rb` inside the unpacked gem. */
export const ruby: Recognise = ({ argv, cwd }) => {
  if (!argv.some((argument) => /(?:^|\/)extconf\.rb$/.test(argument))) return undefined;
  const [, folder = ''] = PLACE.exec(`${cwd ?? ''}/`) ?? [];
  const [, name, version] = FOLDER.exec(folder) ?? [];
  return name === undefined ? undefined : stateEvidence('gem', 'extconf.rb', { name, version });
};
