// The accessibility check of every journey: axe-core with the WCAG 2.1 A and AA rules, and no
// exceptions. A page that needs one is mended instead.

import AxeBuilder from "@axe-core/playwright";

const RULE_SETS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

/// Throws with every violation of the page as it stands now, and where it is.
export async function checkAccessibility(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(RULE_SETS).analyze();
  if (violations.length === 0) return;
  const lines = violations.flatMap(({ id, help, nodes }) => [
    `${id}: ${help}`,
    ...nodes.map((node) => `    ${node.target.join(" ")}`),
  ]);
  throw new Error(`not accessible: ${page.url()}\n${lines.join("\n")}`);
}
