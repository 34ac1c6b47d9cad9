/*!
 * Made by bin/generate-token-rules.mjs from gitleaks' config/gitleaks.toml, release 8.30.1
 * (sha256 e163e53b9e7e8a8511e77271e2b323ed057759542a6d988258afe3a1fa329caf).
 * MIT License, Copyright (c) 2019 Zachary Rice; the text is in THIRD-PARTY-NOTICES.txt. Do not edit.
 */
import type { TokenRule } from './token-rules.ts';

// prettier-ignore
export const gitleaksRules: readonly TokenRule[] = [
  // 1password-secret-key
  { prefixes: ['A3-'], startsWord: true, entropy: 3.8, pattern: /^A3-[A-Z0-9]{6}-(?:(?:[A-Z0-9]{11})|(?:[A-Z0-9]{6}-[A-Z0-9]{5}))-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}/ },
  // 1password-service-account-token
  { prefixes: ['ops_eyJ'], startsWord: false, pattern: /^ops_eyJ[a-zA-Z0-9+/]{250,}={0,3}/ },
  // adobe-client-secret
  { prefixes: ['p8e-'], startsWord: true, entropy: 2, pattern: /^p8e-[a-z0-9]{32}/i },
  // age-secret-key
  { prefixes: ['AGE-SECRET-KEY-1'], startsWord: false, pattern: /^AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/ },
  // airtable-personnal-access-token
  { prefixes: ['pat'], startsWord: true, pattern: /^pat[A-Za-z0-9]{14}\.[a-f0-9]{64}/ },
  // alibaba-access-key-id
  { prefixes: ['LTAI'], startsWord: true, entropy: 2, pattern: /^LTAI[a-z0-9]{20}/i },
  // anthropic-admin-api-key
  { prefixes: ['sk-ant-admin01-'], startsWord: true, pattern: /^sk-ant-admin01-[a-zA-Z0-9_\-]{93}AA/ },
  // anthropic-api-key
  { prefixes: ['sk-ant-api03-'], startsWord: true, pattern: /^sk-ant-api03-[a-zA-Z0-9_\-]{93}AA/ },
  // artifactory-api-key
  { prefixes: ['AKCp'], startsWord: true, entropy: 4.5, pattern: /^AKCp[A-Za-z0-9]{69}/ },
  // artifactory-reference-token
  { prefixes: ['cmVmd'], startsWord: true, pattern: /^cmVmd[A-Za-z0-9]{59}/ },
  // authress-service-client-access-key
  { prefixes: ['sc_', 'ext_', 'scauth_', 'authress_'], startsWord: true, entropy: 2, pattern: /^(?:(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.(?:acc)[_-][a-z0-9-]{10,32}\.[a-z0-9+/_=-]{30,120})/i },
  // aws-access-token
  { prefixes: ['A3T', 'AKIA', 'ASIA', 'ABIA', 'ACCA'], startsWord: true, entropy: 3, pattern: /^(?:(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})/ },
  // aws-amazon-bedrock-api-key-long-lived
  { prefixes: ['ABSK'], startsWord: true, entropy: 3, pattern: /^ABSK[A-Za-z0-9+/]{109,269}={0,2}/ },
  // aws-amazon-bedrock-api-key-short-lived
  { prefixes: ['bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t'], startsWord: false, pattern: /^bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t/ },
  // clojars-api-token
  { prefixes: ['CLOJARS_'], startsWord: false, pattern: /^CLOJARS_[a-z0-9]{60}/i },
  // cloudflare-origin-ca-key
  { prefixes: ['v1.0-'], startsWord: true, pattern: /^v1\.0-[a-f0-9]{24}-[a-f0-9]{146}/ },
  // databricks-api-token
  { prefixes: ['dapi'], startsWord: true, entropy: 3, pattern: /^(?:dapi[a-f0-9]{32}(?:-\d)?)/ },
  // digitalocean-access-token
  { prefixes: ['doo_v1_'], startsWord: true, pattern: /^doo_v1_[a-f0-9]{64}/ },
  // digitalocean-pat
  { prefixes: ['dop_v1_'], startsWord: true, pattern: /^dop_v1_[a-f0-9]{64}/ },
  // digitalocean-refresh-token
  { prefixes: ['dor_v1_'], startsWord: true, pattern: /^dor_v1_[a-f0-9]{64}/i },
  // doppler-api-token
  { prefixes: ['dp.pt.'], startsWord: false, pattern: /^dp\.pt\.[a-z0-9]{43}/i },
  // duffel-api-token
  { prefixes: ['duffel_test_', 'duffel_live_'], startsWord: false, pattern: /^duffel_(?:test|live)_[a-z0-9_\-=]{43}/i },
  // dynatrace-api-token
  { prefixes: ['dt0c01.'], startsWord: false, pattern: /^dt0c01\.[a-z0-9]{24}\.[a-z0-9]{64}/i },
  // easypost-api-token
  { prefixes: ['EZAK'], startsWord: true, entropy: 2, pattern: /^EZAK[a-z0-9]{54}/i },
  // easypost-test-api-token
  { prefixes: ['EZTK'], startsWord: true, entropy: 2, pattern: /^EZTK[a-z0-9]{54}/i },
  // facebook-page-access-token
  { prefixes: ['EAAM', 'EAAC'], startsWord: true, entropy: 4, pattern: /^EAA[MC][a-z0-9]{100,}/i },
  // flutterwave-encryption-key
  { prefixes: ['FLWSECK_TEST-'], startsWord: false, pattern: /^FLWSECK_TEST-[a-h0-9]{12}/i },
  // flutterwave-public-key
  { prefixes: ['FLWPUBK_TEST-'], startsWord: false, pattern: /^FLWPUBK_TEST-[a-h0-9]{32}-X/i },
  // flutterwave-secret-key
  { prefixes: ['FLWSECK_TEST-'], startsWord: false, pattern: /^FLWSECK_TEST-[a-h0-9]{32}-X/i },
  // flyio-access-token
  { prefixes: ['fo1_', 'fm1a_', 'fm1r_', 'fm2_'], startsWord: true, entropy: 4, pattern: /^(?:(?:fo1_[\w-]{43}|fm1[ar]_[a-zA-Z0-9+\/]{100,}={0,3}|fm2_[a-zA-Z0-9+\/]{100,}={0,3}))/ },
  // frameio-api-token
  { prefixes: ['fio-u-'], startsWord: false, pattern: /^fio-u-[a-z0-9\-_=]{64}/i },
  // gcp-api-key
  { prefixes: ['AIza'], startsWord: true, entropy: 4, pattern: /^AIza[\w-]{35}/ },
  // github-app-token
  { prefixes: ['ghu_', 'ghs_'], startsWord: false, entropy: 3, pattern: /^(?:ghu|ghs)_[0-9a-zA-Z]{36}/ },
  // github-fine-grained-pat
  { prefixes: ['github_pat_'], startsWord: false, pattern: /^github_pat_\w{82}/ },
  // github-oauth
  { prefixes: ['gho_'], startsWord: false, entropy: 3, pattern: /^gho_[0-9a-zA-Z]{36}/ },
  // github-pat
  { prefixes: ['ghp_'], startsWord: false, entropy: 3, pattern: /^ghp_[0-9a-zA-Z]{36}/ },
  // github-refresh-token
  { prefixes: ['ghr_'], startsWord: false, entropy: 3, pattern: /^ghr_[0-9a-zA-Z]{36}/ },
  // gitlab-cicd-job-token
  { prefixes: ['glcbt-'], startsWord: false, pattern: /^glcbt-[0-9a-zA-Z]{1,5}_[0-9a-zA-Z_-]{20}/ },
  // gitlab-deploy-token
  { prefixes: ['gldt-'], startsWord: false, pattern: /^gldt-[0-9a-zA-Z_\-]{20}/ },
  // gitlab-feature-flag-client-token
  { prefixes: ['glffct-'], startsWord: false, pattern: /^glffct-[0-9a-zA-Z_\-]{20}/ },
  // gitlab-feed-token
  { prefixes: ['glft-'], startsWord: false, pattern: /^glft-[0-9a-zA-Z_\-]{20}/ },
  // gitlab-incoming-mail-token
  { prefixes: ['glimt-'], startsWord: false, pattern: /^glimt-[0-9a-zA-Z_\-]{25}/ },
  // gitlab-kubernetes-agent-token
  { prefixes: ['glagent-'], startsWord: false, pattern: /^glagent-[0-9a-zA-Z_\-]{50}/ },
  // gitlab-oauth-app-secret
  { prefixes: ['gloas-'], startsWord: false, pattern: /^gloas-[0-9a-zA-Z_\-]{64}/ },
  // gitlab-pat
  { prefixes: ['glpat-'], startsWord: false, pattern: /^glpat-[\w-]{20}/ },
  // gitlab-pat-routable
  { prefixes: ['glpat-'], startsWord: true, pattern: /^glpat-[0-9a-zA-Z_-]{27,300}\.[0-9a-z]{2}[0-9a-z]{7}/ },
  // gitlab-ptt
  { prefixes: ['glptt-'], startsWord: false, pattern: /^glptt-[0-9a-f]{40}/ },
  // gitlab-rrt
  { prefixes: ['GR1348941'], startsWord: false, pattern: /^GR1348941[\w-]{20}/ },
  // gitlab-runner-authentication-token
  { prefixes: ['glrt-'], startsWord: false, pattern: /^glrt-[0-9a-zA-Z_\-]{20}/ },
  // gitlab-runner-authentication-token-routable
  { prefixes: ['glrt-t'], startsWord: true, pattern: /^glrt-t\d_[0-9a-zA-Z_\-]{27,300}\.[0-9a-z]{2}[0-9a-z]{7}/ },
  // gitlab-scim-token
  { prefixes: ['glsoat-'], startsWord: false, pattern: /^glsoat-[0-9a-zA-Z_\-]{20}/ },
  // grafana-api-key
  { prefixes: ['eyJrIjoi'], startsWord: true, pattern: /^eyJrIjoi[A-Za-z0-9]{70,400}={0,3}/i },
  // grafana-cloud-api-token
  { prefixes: ['glc_'], startsWord: true, entropy: 3, pattern: /^glc_[A-Za-z0-9+/]{32,400}={0,3}/i },
  // grafana-service-account-token
  { prefixes: ['glsa_'], startsWord: true, pattern: /^glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}/i },
  // harness-api-key
  { prefixes: ['pat.', 'sat.'], startsWord: false, pattern: /^(?:pat|sat)\.[a-zA-Z0-9_-]{22}\.[a-zA-Z0-9]{24}\.[a-zA-Z0-9]{20}/ },
  // heroku-api-key-v2
  { prefixes: ['HRKU-AA'], startsWord: true, pattern: /^(?:(?:HRKU-AA[0-9a-zA-Z_-]{58}))/ },
  // huggingface-access-token
  { prefixes: ['hf_'], startsWord: true, entropy: 2, pattern: /^(?:hf_(?:[a-z]{34}))/i },
  // huggingface-organization-api-token
  { prefixes: ['api_org_'], startsWord: true, pattern: /^(?:api_org_(?:[a-z]{34}))/i },
  // infracost-api-token
  { prefixes: ['ico-'], startsWord: true, entropy: 3, pattern: /^ico-[a-zA-Z0-9]{32}/ },
  // intra42-client-secret
  { prefixes: ['s-s4t2ud-', 's-s4t2af-'], startsWord: true, pattern: /^(?:s-s4t2(?:ud|af)-[abcdef0123456789]{64})/i },
  // linear-api-key
  { prefixes: ['lin_api_'], startsWord: false, pattern: /^lin_api_[a-z0-9]{40}/i },
  // notion-api-token
  { prefixes: ['ntn_'], startsWord: true, entropy: 4, pattern: /^ntn_[0-9]{11}[A-Za-z0-9]{32}[A-Za-z0-9]{3}/ },
  // npm-access-token
  { prefixes: ['npm_'], startsWord: true, entropy: 2, pattern: /^npm_[a-z0-9]{36}/i },
  // octopus-deploy-api-key
  { prefixes: ['API-'], startsWord: true, entropy: 3, pattern: /^API-[A-Z0-9]{26}/ },
  // openai-api-key
  { prefixes: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-'], startsWord: true, entropy: 3, pattern: /^(?:sk-(?:proj|svcacct|admin)-(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58})T3BlbkFJ(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58})\b|sk-[a-zA-Z0-9]{20}T3BlbkFJ[a-zA-Z0-9]{20})/ },
  // openshift-user-token
  { prefixes: ['sha256~'], startsWord: true, pattern: /^sha256~[\w-]{43}/ },
  // perplexity-api-key
  { prefixes: ['pplx-'], startsWord: true, pattern: /^pplx-[a-zA-Z0-9]{48}/ },
  // planetscale-api-token
  { prefixes: ['pscale_tkn_'], startsWord: true, pattern: /^pscale_tkn_[\w=\.-]{32,64}/i },
  // planetscale-oauth-token
  { prefixes: ['pscale_oauth_'], startsWord: true, pattern: /^pscale_oauth_[\w=\.-]{32,64}/ },
  // planetscale-password
  { prefixes: ['pscale_pw_'], startsWord: true, pattern: /^pscale_pw_[\w=\.-]{32,64}/i },
  // postman-api-token
  { prefixes: ['PMAK-'], startsWord: true, pattern: /^PMAK-[a-f0-9]{24}\-[a-f0-9]{34}/i },
  // prefect-api-token
  { prefixes: ['pnu_'], startsWord: true, entropy: 2, pattern: /^pnu_[a-zA-Z0-9]{36}/ },
  // pulumi-api-token
  { prefixes: ['pul-'], startsWord: true, entropy: 2, pattern: /^pul-[a-f0-9]{40}/ },
  // pypi-upload-token
  { prefixes: ['pypi-AgEIcHlwaS5vcmc'], startsWord: false, pattern: /^pypi-AgEIcHlwaS5vcmc[\w-]{50,1000}/ },
  // readme-api-token
  { prefixes: ['rdme_'], startsWord: true, pattern: /^rdme_[a-z0-9]{70}/ },
  // rubygems-api-token
  { prefixes: ['rubygems_'], startsWord: true, pattern: /^rubygems_[a-f0-9]{48}/ },
  // scalingo-api-token
  { prefixes: ['tk-us-'], startsWord: true, pattern: /^tk-us-[\w-]{48}/ },
  // sendinblue-api-token
  { prefixes: ['xkeysib-'], startsWord: true, pattern: /^xkeysib-[a-f0-9]{64}\-[a-z0-9]{16}/i },
  // sentry-user-token
  { prefixes: ['sntryu_'], startsWord: true, pattern: /^sntryu_[a-f0-9]{64}/ },
  // settlemint-application-access-token
  { prefixes: ['sm_aat_'], startsWord: true, pattern: /^sm_aat_[a-zA-Z0-9]{16}/ },
  // settlemint-personal-access-token
  { prefixes: ['sm_pat_'], startsWord: true, pattern: /^sm_pat_[a-zA-Z0-9]{16}/ },
  // settlemint-service-access-token
  { prefixes: ['sm_sat_'], startsWord: true, pattern: /^sm_sat_[a-zA-Z0-9]{16}/ },
  // shippo-api-token
  { prefixes: ['shippo_live_', 'shippo_test_'], startsWord: true, pattern: /^(?:shippo_(?:live|test)_[a-fA-F0-9]{40})/ },
  // shopify-access-token
  { prefixes: ['shpat_'], startsWord: false, pattern: /^shpat_[a-fA-F0-9]{32}/ },
  // shopify-custom-access-token
  { prefixes: ['shpca_'], startsWord: false, pattern: /^shpca_[a-fA-F0-9]{32}/ },
  // shopify-private-app-access-token
  { prefixes: ['shppa_'], startsWord: false, pattern: /^shppa_[a-fA-F0-9]{32}/ },
  // shopify-shared-secret
  { prefixes: ['shpss_'], startsWord: false, pattern: /^shpss_[a-fA-F0-9]{32}/ },
  // slack-app-token
  { prefixes: ['xapp-'], startsWord: false, pattern: /^xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+/i },
  // slack-bot-token
  { prefixes: ['xoxb-'], startsWord: false, pattern: /^xoxb-[0-9]{10,13}-[0-9]{10,13}[a-zA-Z0-9-]*/ },
  // slack-config-access-token
  { prefixes: ['xoxe'], startsWord: false, entropy: 2, pattern: /^xoxe.xox[bp]-\d-[A-Z0-9]{163,166}/i },
  // slack-config-refresh-token
  { prefixes: ['xoxe-'], startsWord: false, pattern: /^xoxe-\d-[A-Z0-9]{146}/i },
  // slack-legacy-bot-token
  { prefixes: ['xoxb-'], startsWord: false, pattern: /^xoxb-[0-9]{8,14}-[a-zA-Z0-9]{18,26}/ },
  // slack-legacy-token
  { prefixes: ['xoxo-', 'xoxs-'], startsWord: false, pattern: /^xox[os]-\d+-\d+-\d+-[a-fA-F\d]+/ },
  // slack-legacy-workspace-token
  { prefixes: ['xoxa-', 'xoxr-'], startsWord: false, pattern: /^xox[ar]-(?:\d-)?[0-9a-zA-Z]{8,48}/ },
  // slack-user-token
  { prefixes: ['xoxp', 'xoxe'], startsWord: false, entropy: 2, pattern: /^xox[pe](?:-[0-9]{10,13}){3}-[a-zA-Z0-9-]{28,34}/ },
  // square-access-token
  { prefixes: ['EAAA', 'sq0atp-'], startsWord: true, entropy: 2, pattern: /^(?:(?:EAAA|sq0atp-)[\w-]{22,60})/ },
  // stripe-access-token
  { prefixes: ['sk_test_', 'sk_live_', 'sk_prod_', 'rk_test_', 'rk_live_', 'rk_prod_'], startsWord: true, pattern: /^(?:(?:sk|rk)_(?:test|live|prod)_[a-zA-Z0-9]{10,99})/ },
  // vault-batch-token
  { prefixes: ['hvb.'], startsWord: true, entropy: 4, pattern: /^hvb\.[\w-]{138,300}/ },
];
