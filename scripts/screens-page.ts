import { everyScreen } from "../apps/admin/src/browser/every-screen.ts";

const introduction = `# The console, screen by screen

Made by \`pnpm screens\`, the pictures too; do not edit it here. They show an organization of some sixty people, as the browser test
\`apps/admin/src/browser/states.browser.test.ts\` makes it: at 1280 × 800 in the light and in the dark scheme, and at 360 × 800. The command
makes the files smaller with \`pngquant\` where that is installed. The console takes the fonts of the machine: these have Debian's
\`fonts-inter\`, and \`fonts-ipafont-gothic\` for the Japanese role.`;

/** The files in docs/screens that a screen must have. */
export const picturesOf = (name: string): readonly string[] => [
  `${name}-light.png`,
  `${name}-dark.png`,
  `${name}-360.png`,
];

/** docs/screens/README.md, whole, as the table of screens gives it. */
export function screensPage(): string {
  const rows = everyScreen.map(({ route, name, title }) => {
    const cells = picturesOf(name).map((file, place) => `<img src="${file}" width="${place < 2 ? 380 : 120}" alt="">`);
    return `| ${title}<br>\`${route}\` | ${cells.join(" | ")} |`;
  });
  return `${[introduction, ["| screen | light | dark | 360 px |", "| --- | --- | --- | --- |", ...rows].join("\n")].join("\n\n")}\n`;
}
