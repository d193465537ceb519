/** Every form that a report can be given. Apart from the renderers, which the command line does not wait for. */
export const formatNames = ['html', 'text', 'markdown', 'json', 'csv', 'junit', 'hlog', 'hgrm'] as const;

export type ReportFormat = (typeof formatNames)[number];
