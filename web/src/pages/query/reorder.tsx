import type { HTMLAttributes, LiHTMLAttributes, Ref } from "react";

/**
 * Stands in for the animation library that GraphiQL uses for one thing, dragging
 * its tabs into another order. Here tabs keep their order, and 50 KB stay away.
 */

interface GroupProps extends HTMLAttributes<HTMLUListElement> {
  ref?: Ref<HTMLUListElement>;
  values?: unknown;
  axis?: unknown;
  onReorder?: unknown;
}

interface ItemProps extends Omit<LiHTMLAttributes<HTMLLIElement>, "value"> {
  ref?: Ref<HTMLLIElement>;
  value?: unknown;
  dragConstraints?: unknown;
}

export const Reorder = {
  Group: ({ values: _values, axis: _axis, onReorder: _onReorder, ...rest }: GroupProps) => <ul {...rest} />,
  Item: ({ value: _value, dragConstraints: _constraints, ...rest }: ItemProps) => <li {...rest} />,
};
