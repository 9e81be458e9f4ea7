interface TableHeadProps {
  readonly columns: readonly string[];
}

/** The head of a table whose order is not to be changed. */
export function TableHead({ columns }: TableHeadProps) {
  return (
    <thead>
      <tr>
        {columns.map((title) => (
          <th key={title} scope="col">
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
