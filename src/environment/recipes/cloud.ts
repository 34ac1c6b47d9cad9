import type { Recipe } from './types.ts';

const gcloud = 'https://docs.cloud.google.com/sdk/docs/properties';
const grpc = 'https://grpc.github.io/grpc/core/md_doc_environment_variables.html';

/** Command lines and libraries of cloud services. Those of Azure read what Python's requests reads. */
export const cloud: readonly Recipe[] = [
  {
    tool: 'aws',
    variable: 'AWS_CA_BUNDLE',
    value: 'bundle-file',
    documentation: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html',
  },
  {
    tool: 'gcloud',
    variable: 'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE',
    value: 'bundle-file',
    documentation: gcloud,
  },
  {
    tool: 'gcloud', // its proxy properties win over the variables
    variable: 'CLOUDSDK_PROXY_ADDRESS',
    value: 'gcloud-proxy',
    documentation: gcloud,
  },
  { tool: 'grpc', variable: 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', value: 'bundle-file', documentation: grpc },
  { tool: 'grpc', variable: 'grpc_proxy', value: 'proxy-url-if-set', documentation: grpc },
];
