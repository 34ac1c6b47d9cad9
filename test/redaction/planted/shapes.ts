type Random = () => number;

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const ALPHABETS: Readonly<Record<string, string>> = {
  d: DIGITS,
  h: `${DIGITS}abcdef`,
  l: LOWER + DIGITS,
  u: UPPER + DIGITS,
  a: LOWER + UPPER + DIGITS,
  w: `${LOWER}${UPPER}${DIGITS}_-`,
  b: `${LOWER}234567`,
};

/** `ghp_<a36>`: 36 letters and digits; `h` hex, `d` digits, `l` and `u` one case, `w` with `_` and `-`, `b` base32. */
export const shapes: readonly string[] = [
  ...['ghp_<a36>', 'gho_<a36>', 'ghu_<a36>', 'ghs_<a36>', 'ghr_<a36>', 'github_pat_<a22>_<a59>'],
  ...[
    'glpat-<w20>',
    'gloas-<a64>',
    'gldt-<w20>',
    'glrt-<w20>',
    'glcbt-<a2>_<w20>',
    'glptt-<h40>',
    'glft-<w20>',
    'GR1348941<w20>',
  ],
  ...['ATATT3<w180>', 'ATBB<a32>', 'npm_<a36>', 'pypi-AgEIcHlwaS5vcmc<w80>', 'rubygems_<h48>', 'cio<a32>'],
  ...['dckr_pat_<w27>', 'dckr_oat_<w32>', 'oy2<l43>', 'AKCp<a69>', 'cmVmdGtu<a56>', 'CLOJARS_<l60>'],
  ...[
    'AKIA<u16>',
    'ASIA<u16>',
    'AIza<w35>',
    'ya29.<w60>',
    'GOCSPX-<w28>',
    '1//0<w60>',
    'dop_v1_<h64>',
    'doo_v1_<h64>',
  ],
  ...[
    '<a3>8Q~<a34>',
    '<a76>AZDO<a4>',
    'LTAI<a20>',
    'HRKU-AA<w58>',
    'dapi<h32>',
    'nfp_<a36>',
    'sbp_<h40>',
    'tskey-auth-<a16>-<a32>',
  ],
  ...[
    'hvs.<w92>',
    'hvb.<w140>',
    's.A1b<a21>',
    '<a14>.atlasv1.<w64>',
    'pul-<h40>',
    'dp.pt.<a43>',
    'dp.st.dev.<a43>',
    'ops_eyJ<a260>',
  ],
  ...[
    'CCIPAT_<a22>_<h40>',
    'bkua_<l40>',
    'sgp_<h40>',
    'squ_<h40>',
    'AGE-SECRET-KEY-1<u58>',
    'A3-<u6>-<u11>-<u5>-<u5>-<u5>',
  ],
  ...[
    'glsa_<a32>_<h8>',
    'glc_<a60>',
    'sntrys_<a120>',
    'sntryu_<h64>',
    'NRAK-<u27>',
    'NRII-<w32>',
    'dt0c01.<u24>.<u64>',
    'phx_<a43>',
  ],
  ...[
    'xoxb-<d12>-<d12>-<a24>',
    'xoxp-<d12>-<d12>-<d12>-<h32>',
    'xoxc-<d12>-<d12>-<h64>',
    'xoxd-<a80>',
    'xapp-1-<u11>-<d13>-<h64>',
  ],
  ...['SG.<w22>.<w43>', 'key-<h32>', '<h32>-us12', 'SK<h32>', 'MT<a22>.<w6>.<w38>', 'xkeysib-<h64>-<a16>'],
  ...[
    'sk_live_<a24>',
    'rk_live_<a24>',
    'sk_test_<a24>',
    'whsec_<a32>',
    'shpat_<h32>',
    'shpss_<h32>',
    'sq0atp-<w22>',
    'sq0csp-<w43>',
    'EAAA<w60>',
  ],
  ...[
    'sk-proj-<w74>T3BlbkFJ<w74>',
    'sk-svcacct-<w74>T3BlbkFJ<w74>',
    'sk-admin-<w74>T3BlbkFJ<w74>',
    'sk-<a20>T3BlbkFJ<a20>',
  ],
  ...['sk-ant-api03-<w93>AA', 'sk-or-v1-<h64>', 'hf_<a34>', 'gsk_<a52>', 'pplx-<a48>', 'r8_<a37>'],
  ...[
    'lin_api_<a40>',
    'PMAK-<h24>-<h34>',
    'ntn_<d11><a35>',
    'figd_<w40>',
    'CFPAT-<w43>',
    'rdme_<l70>',
    'shippo_live_<h40>',
  ],
  ...[
    'eyJ<a33>.eyJ<a60>.<w43>',
    'ddp_<a36>',
    'API-<u26>',
    'pat<a14>.<h64>',
    'PMAK-<h24>-<h34>',
    'duffel_live_<w43>',
  ],
];

/** A token of the shape. */
export function makeToken(shape: string, random: Random): string {
  return shape.replace(/<([a-z])(\d+)>/g, (_, alphabet: string, length: string) => {
    const characters = ALPHABETS[alphabet] ?? '';
    const pick = (): string => characters.charAt(Math.floor(random() * characters.length));
    // A dash or underline at the end would not be taken for part of it.
    return Array.from({ length: Number(length) }, pick)
      .join('')
      .replace(/[_-]$/, 'x');
  });
}
