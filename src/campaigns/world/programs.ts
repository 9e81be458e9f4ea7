/** How usual clients begin an encrypted connection, and their shares: Python, Node, Go, curl, Java; made-up hashes. */
export const usualPrograms: readonly (readonly [string, number])[] = [
  ['t13d1713ht_5b57614c22b0_78e6aca7449b', 46],
  ['t13d521100_b262b3658495_8e6e362c5eac', 24],
  ['t13d1310h2_f57a46bbacb6_ab7e3b40a677', 12],
  ['t13d3112h2_e8f1e7e78f70_b26ce05bbdd6', 10],
  ['t13d1614h2_7b3c3e2c4a11_9d2f41a8c0be', 8],
];
