/** A shape that gives a token away. All repetitions are bounded or stand last, so that matching is linear. */
export interface TokenRule {
  /** With one of these the token begins; in them case counts. */
  readonly prefixes: readonly string[];
  /** No letter or digit may stand before the token. */
  readonly startsWord: boolean;
  /** Matches the token from its prefix on. What follows of its word belongs to it. */
  readonly pattern: RegExp;
  /** Matches what of the token stands before the prefix, at the end of the 80 characters before it. */
  readonly before?: RegExp;
  /** What matched must have so many bits a character (Shannon), as the prefix alone tells too little. */
  readonly entropy?: number;
}

/**
 * What gitleaks' rules lack: services that they do not know, and forms that are looser than theirs where the prefix
 * tells enough. Documented by the services, or by the providers' lists of partner patterns for secret scanning.
 */
export const tokenRules: readonly TokenRule[] = [
  // Forges.
  {
    prefixes: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    startsWord: false,
    pattern: /^gh._[A-Za-z0-9]{16}[\w.-]*/,
  },
  { prefixes: ['github_pat_'], startsWord: false, pattern: /^github_pat_\w{16}/ },
  {
    prefixes: [
      ...['glpat-', 'gloas-', 'gldt-', 'glrt-', 'glrtr-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-'],
      ...['glsoat-', 'glffct-', 'glwt-'],
    ],
    startsWord: false,
    pattern: /^gl[a-z]{2,6}-[\w-]{16}[\w.-]*/,
  },
  { prefixes: ['GR1348941'], startsWord: false, pattern: /^GR1348941[\w-]{16}/ },
  {
    prefixes: ['ATBB', 'ATATT3', 'ATCTT3', 'ATTA'],
    startsWord: true,
    pattern: /^AT[ACB][TBA][\w=-]{20}[\w=-]*/,
  },
  // Package registries.
  { prefixes: ['npm_'], startsWord: true, pattern: /^npm_[A-Za-z0-9]{30}/ },
  { prefixes: ['pypi-AgE'], startsWord: true, pattern: /^pypi-AgE[\w-]{13}/ },
  {
    prefixes: ['pypi-'],
    startsWord: true,
    entropy: 4,
    pattern: /^pypi-(?=\w{0,40}\d)(?=\w{0,40}[A-Z])\w{32}/,
  },
  { prefixes: ['rubygems_'], startsWord: true, pattern: /^rubygems_[a-f0-9]{40}/ },
  { prefixes: ['cio'], startsWord: true, pattern: /^cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/ },
  { prefixes: ['dckr_pat_', 'dckr_oat_'], startsWord: false, pattern: /^dckr_[op]at_[\w-]{16}/ },
  { prefixes: ['oy2'], startsWord: true, pattern: /^oy2[a-z0-9]{43}(?![\w.-])/ },
  { prefixes: ['AKCp'], startsWord: true, pattern: /^AKCp[A-Za-z0-9]{10}/ },
  { prefixes: ['cmVmdGtu'], startsWord: true, pattern: /^cmVmdGtu[A-Za-z0-9]{40}/ },
  { prefixes: ['ddp_', 'ddw_', 'ddo_'], startsWord: true, pattern: /^dd[pwo]_[A-Za-z0-9]{36}/ },
  // Clouds.
  {
    prefixes: ['AKIA', 'ASIA', 'AROA', 'AIDA', 'ABIA', 'ACCA', 'AGPA', 'AIPA', 'ANPA', 'ANVA'],
    startsWord: true,
    // With the secret key, where it stands beside the id.
    pattern:
      /^A[A-Z]{3}[A-Z0-9]{16}(?![A-Za-z0-9])(?:["']?[\s:,|/]{1,4}["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+]))?/,
  },
  { prefixes: ['AIza'], startsWord: false, pattern: /^AIza[\w-]{30}/ },
  { prefixes: ['ya29.'], startsWord: true, pattern: /^ya29\.[\w-]{20}[\w.-]*/ },
  { prefixes: ['1//0'], startsWord: true, pattern: /^1\/\/0[\w-]{40}/ },
  { prefixes: ['GOCSPX-'], startsWord: false, pattern: /^GOCSPX-[\w-]{20}/ },
  { prefixes: ['dop_v1_', 'doo_v1_', 'dor_v1_'], startsWord: true, pattern: /^do[opr]_v1_[a-f0-9]{40}/ },
  {
    prefixes: ['Q~'],
    startsWord: false,
    before: /(?<![\w.~-])[\w.~]{3}\d$/,
    pattern: /^Q~[\w.~-]{31,34}(?![\w~-])/,
  },
  {
    prefixes: ['AZDO'],
    startsWord: false,
    before: /(?<![A-Za-z0-9])[A-Za-z0-9]{76}$/,
    pattern: /^AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/,
  },
  {
    prefixes: ['LTAI', 'AKID'],
    startsWord: true,
    entropy: 3,
    pattern: /^(?:LTAI[A-Za-z0-9]{12}|AKID[A-Za-z0-9]{32})/,
  },
  { prefixes: ['HRKU-'], startsWord: true, pattern: /^HRKU-[\w-]{32}/ },
  { prefixes: ['dapi', 'dkea', 'dose'], startsWord: true, pattern: /^d[a-z]{3}[a-f0-9]{32}(?![A-Za-z0-9])/ },
  { prefixes: ['nfp_', 'nfc_', 'nfo_', 'nfu_', 'nfb_'], startsWord: true, pattern: /^nf._[A-Za-z0-9]{36}/ },
  { prefixes: ['sbp_'], startsWord: true, pattern: /^sbp_[a-f0-9]{40}/ },
  { prefixes: ['sb_secret_'], startsWord: true, pattern: /^sb_secret_[\w-]{16}/ },
  { prefixes: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'], startsWord: true, pattern: /^vc._[A-Za-z0-9]{24}/ },
  { prefixes: ['napi_'], startsWord: true, pattern: /^napi_[a-z0-9]{32}/ },
  { prefixes: ['tskey-'], startsWord: true, pattern: /^tskey-[a-z]{2,16}-[\w-]{16}/ },
  { prefixes: ['cfut_', 'cfat_', 'cfk_'], startsWord: true, pattern: /^cf[a-z]{1,2}_[\w-]{36}/ },
  // ClickHouse; digests begin so too.
  {
    prefixes: ['4b1d'],
    startsWord: true,
    pattern: /^4b1d(?=[a-f0-9]{0,37}[g-zA-Z])[A-Za-z0-9]{38}(?![A-Za-z0-9])/,
  },
  // Infrastructure.
  { prefixes: ['hvs.', 'hvb.', 'hvr.'], startsWord: true, pattern: /^hv.\.[\w-]{20}/ },
  {
    prefixes: ['s.', 'b.', 'r.'],
    startsWord: true,
    pattern: /^.\.(?=[a-z0-9]{0,23}[A-Z])(?=[A-Z0-9]{0,23}[a-z])[A-Za-z0-9]{24}(?![\w.-])/,
  },
  {
    prefixes: ['.atlasv1.'],
    startsWord: false,
    before: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}$/,
    pattern: /^\.atlasv1\.[\w=-]{40}/,
  },
  { prefixes: ['pul-'], startsWord: true, pattern: /^pul-[a-f0-9]{40}/ },
  {
    prefixes: ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.', 'dp.said.'],
    startsWord: true,
    pattern: /^dp\.[a-z]{2,5}\.[\w.-]{20}[\w.-]*/,
  },
  { prefixes: ['ops_eyJ'], startsWord: true, pattern: /^ops_eyJ[\w+/-]{40}[\w+/=-]*/ },
  { prefixes: ['CCIPAT_', 'CCIPRJ_'], startsWord: true, pattern: /^CCIP[A-Z]{2,3}_[\w-]{20}/ },
  {
    prefixes: ['bkua_', 'bkaj_', 'bkct_', 'bkpt_', 'bkpi_'],
    startsWord: true,
    pattern: /^bk.._[A-Za-z0-9]{32}/,
  },
  { prefixes: ['squ_', 'sqp_', 'sqa_'], startsWord: true, pattern: /^sq._[a-f0-9]{40}/ },
  { prefixes: ['sgp_'], startsWord: true, pattern: /^sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}/ },
  { prefixes: ['AGE-SECRET-KEY-1'], startsWord: true, pattern: /^AGE-SECRET-KEY-1[A-Z0-9]{20}/ },
  // Observation.
  { prefixes: ['glsa_', 'glc_'], startsWord: true, pattern: /^gl[a-z]{1,2}_[\w+/-]{32}[\w+/=-]*/ },
  {
    prefixes: ['sntrys_', 'sntryu_', 'sntryi_', 'sntrya_'],
    startsWord: true,
    pattern: /^sntry._[\w+/=-]{32}[\w+/=-]*/,
  },
  {
    prefixes: ['NRAK-', 'NRII-', 'NRJS-', 'NRRA-', 'NRAA-'],
    startsWord: true,
    pattern: /^NR[A-Z]{2}-[\w-]{19}/,
  },
  { prefixes: ['phx_', 'phs_'], startsWord: true, pattern: /^ph[xs]_[A-Za-z0-9]{32}/ },
  {
    prefixes: ['dt0c01.', 'dt0s16.', 'dt0s01.'],
    startsWord: true,
    pattern: /^dt0[a-z]\d\d\.[A-Z0-9]{8,24}\.[A-Z0-9]{64}/,
  },
  // Chat and mail.
  {
    prefixes: [
      'xoxa-',
      'xoxb-',
      'xoxc-',
      'xoxd-',
      'xoxe-',
      'xoxo-',
      'xoxp-',
      'xoxr-',
      'xoxs-',
      'xoxe.xox',
      'xwfp-',
    ],
    startsWord: false,
    pattern: /^x[a-z]{3}(?:\.xox[a-z])?-[\w%+/=-]{10}[\w%+/=-]*/,
  },
  { prefixes: ['xapp-'], startsWord: false, pattern: /^xapp-\d-[\w-]{10}/ },
  { prefixes: ['SG.'], startsWord: true, pattern: /^SG\.[\w-]{16,64}\.[\w-]{16}/ },
  { prefixes: ['key-'], startsWord: true, pattern: /^key-[a-f0-9]{32}(?![\w.-])/ },
  {
    prefixes: ['-us'],
    startsWord: false,
    before: /(?<![A-Za-z0-9])[a-f0-9]{32}$/,
    pattern: /^-us\d{1,2}(?![\w.-])/,
  },
  { prefixes: ['SK'], startsWord: true, pattern: /^SK[a-f0-9]{32}(?![A-Za-z0-9])/ },
  {
    // The id of the bot in base64, digits that they are.
    prefixes: ['MT', 'Mj', 'Mz', 'ND', 'NT', 'Nj', 'Nz', 'OD', 'OT'],
    startsWord: true,
    pattern: /^[MNO][DTjz][\w-]{20,28}\.[\w-]{6}\.[\w-]{27}/,
  },
  { prefixes: ['mfa.'], startsWord: true, pattern: /^mfa\.[\w-]{60}/ },
  // Payment.
  {
    prefixes: ['sk_', 'rk_', 'pk_'],
    startsWord: false,
    pattern: /^[prs]k_(?:live|test|prod)_[A-Za-z0-9]{10}/,
  },
  { prefixes: ['whsec_'], startsWord: false, pattern: /^whsec_[\w+/=-]{16}[\w+/=-]*/ },
  {
    prefixes: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    startsWord: false,
    pattern: /^shp.._[a-fA-F0-9]{32}/,
  },
  { prefixes: ['sq0atp-', 'sq0csp-', 'sq0idp-'], startsWord: false, pattern: /^sq0[a-z]{3}-[\w-]{22}/ },
  // Models.
  {
    prefixes: ['sk-proj-', 'sk-ant-', 'sk-or-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'],
    startsWord: true,
    pattern: /^sk-[A-Za-z]{2,8}-[\w-]{16}/,
  },
  { prefixes: ['sk-'], startsWord: true, pattern: /^sk-(?=[A-Za-z]{0,40}\d)[A-Za-z0-9]{32}/ },
  { prefixes: ['hf_', 'api_org_'], startsWord: true, pattern: /^(?:hf|api_org)_[A-Za-z0-9]{30}/ },
  {
    prefixes: ['gsk_', 'xai-', 'pplx-', 'r8_', 'nvapi-'],
    startsWord: true,
    pattern: /^[a-z0-9]{2,5}[_-][\w-]{32}/,
  },
  // Work.
  {
    prefixes: ['lin_api_', 'lin_oauth_', 'lin_wh_'],
    startsWord: true,
    pattern: /^lin_[a-z]{2,5}_[A-Za-z0-9]{32}/,
  },
  { prefixes: ['PMAK-'], startsWord: true, pattern: /^PMAK-[a-f0-9]{24}-[a-f0-9]{30}/ },
  { prefixes: ['figd_', 'figo_'], startsWord: true, pattern: /^fig._[\w-]{32}/ },
  { prefixes: ['ntn_', 'secret_'], startsWord: true, pattern: /^(?:ntn|secret)_[A-Za-z0-9]{40}/ },
  { prefixes: ['CFPAT-'], startsWord: true, pattern: /^CFPAT-[\w-]{40}/ },
  // Base64 of a JSON object: JWTs, with or without all their parts.
  { prefixes: ['eyJ'], startsWord: true, pattern: /^eyJ[\w-]{12}[\w-]*(?:\.[\w-]*){0,4}/ },
];
