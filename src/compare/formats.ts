/** Every form that a comparison can be given. */
export const comparisonFormats = ['text', 'markdown', 'json', 'junit'] as const;

export type ComparisonFormat = (typeof comparisonFormats)[number];
