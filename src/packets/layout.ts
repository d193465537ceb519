import type { TextEncoding } from './definition.js';
import type { IntegerLayout } from './integers.js';

/**
 * Where the bytes of a packet stand: plain data, part of the plan, compiled into closures by the inline format. References
 * from part to part are indices within the same structure, and point backwards.
 */
export interface Part {
  readonly name: string;
  readonly shape: Shape;
  /** It always holds this: it is written unasked, and anything else that comes is an error of the peer's. */
  readonly constant?: number | bigint | boolean | string;
  /** It is present only where each of these parts has this value. */
  readonly when?: readonly { readonly part: number; readonly value: number | bigint | boolean }[];
  /** It is the number of elements, or bytes, of this later part. */
  readonly counts?: number;
  /** It stands in the header: so many bytes from the start of the frame. Its shape has a fixed size. Packets only, not structures. */
  readonly at?: number;
}

export type Shape =
  | IntegerLayout
  | { readonly kind: 'float'; readonly sizeBytes: 4 | 8; readonly endian: Endian }
  /** One byte; true when it is not zero. */
  | { readonly kind: 'bool' }
  | { readonly kind: 'string'; readonly encoding: TextEncoding; readonly extent: Extent }
  | { readonly kind: 'bytes'; readonly extent: Extent }
  | { readonly kind: 'struct'; readonly parts: readonly Part[] }
  | { readonly kind: 'array'; readonly of: Shape; readonly extent: Extent };

export type Endian = 'little' | 'big';

/** How far a text, bytes or an array go; counted in elements for an array, and in bytes for the others. */
export type Extent =
  | { readonly kind: 'prefixed'; readonly length: IntegerLayout }
  /** A text that is shorter is filled up with zeros. */
  | { readonly kind: 'fixed'; readonly size: number }
  /** An earlier part of the same structure says it. */
  | { readonly kind: 'counted'; readonly part: number }
  /** Texts only: up to U+0000. */
  | { readonly kind: 'terminated' }
  /** To the end of the body. */
  | { readonly kind: 'rest' };

/**
 * The fewest bytes that a shape can take. What is at least one byte long cannot be repeated without end in a body of
 * finite size, which is what bounds the decoding of arrays.
 */
export function minimumSize(shape: Shape): number {
  switch (shape.kind) {
    case 'integer':
      return shape.sizeBytes ?? 1;
    case 'float':
      return shape.sizeBytes;
    case 'bool':
      return 1;
    case 'struct':
      return shape.parts.reduce((sum, part) => sum + (part.when === undefined ? minimumSize(part.shape) : 0), 0);
    default: {
      const { extent } = shape;
      if (extent.kind === 'prefixed') return minimumSize(extent.length);
      if (extent.kind === 'terminated') return shape.kind === 'string' ? characterSize(shape.encoding) : 1;
      return extent.kind === 'fixed' ? extent.size * elementSize(shape) : 0;
    }
  }
}

/** The size of a shape where every value has the same; null where the values decide, or are to be looked at. */
export function fixedSize(shape: Shape): number | null {
  switch (shape.kind) {
    case 'integer':
    case 'float':
      return shape.sizeBytes;
    case 'bool':
      return 1;
    case 'struct': {
      let total = 0;
      for (const { shape: inner, constant, when, counts } of shape.parts) {
        const size = fixedSize(inner);
        if (size === null || constant !== undefined || when !== undefined || counts !== undefined) return null;
        total += size;
      }
      return total;
    }
    case 'array': {
      const size = fixedSize(shape.of);
      return shape.extent.kind === 'fixed' && size !== null ? shape.extent.size * size : null;
    }
    default:
      return shape.extent.kind === 'fixed' ? shape.extent.size : null;
  }
}

function elementSize(shape: Exclude<Shape, { readonly kind: 'struct' }>): number {
  return shape.kind === 'array' ? minimumSize(shape.of) : 1;
}

/** The bytes of U+0000, and of most characters. */
export function characterSize(encoding: TextEncoding): 1 | 2 {
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? 2 : 1;
}
