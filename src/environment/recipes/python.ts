import type { Recipe } from './types.ts';

/** Python package tools and libraries. */
export const python: readonly Recipe[] = [
  {
    tool: 'pip',
    variable: 'PIP_CERT',
    value: 'bundle-file',
    documentation: 'https://pip.pypa.io/en/stable/topics/https-certificates/',
  },
  {
    tool: 'pip', // set unasked it would stop pip from reading NO_PROXY and .netrc
    variable: 'PIP_PROXY',
    value: 'proxy-url-if-set',
    documentation: 'https://pip.pypa.io/en/stable/user_guide/#using-a-proxy-server',
  },
  {
    tool: 'requests',
    variable: 'REQUESTS_CA_BUNDLE',
    value: 'bundle-file',
    documentation: 'https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification',
  },
  {
    tool: 'httplib2', // it brings its own roots
    variable: 'HTTPLIB2_CA_CERTS',
    value: 'bundle-file',
    documentation: 'https://github.com/httplib2/httplib2/blob/master/python3/httplib2/certs.py',
  },
  {
    tool: 'pdm',
    variable: 'PDM_PYPI_CA_CERTS',
    value: 'bundle-file-if-set',
    documentation: 'https://pdm-project.org/latest/reference/configuration/',
  },
  {
    tool: 'conda', // else it reads REQUESTS_CA_BUNDLE; the value may be a truth value too
    variable: 'CONDA_SSL_VERIFY',
    value: 'bundle-file-if-set',
    documentation:
      'https://docs.conda.io/projects/conda/en/stable/user-guide/configuration/non-standard-certs.html',
  },
];
