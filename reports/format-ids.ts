/** Every report format as `--report` names it, in order. Apart from the renderers: a run needs those only when it ends. */
export const formatIds = ['cyclonedx', 'intoto', 'json', 'markdown', 'predicate', 'sarif', 'slsa'] as const;

export type FormatId = (typeof formatIds)[number];
