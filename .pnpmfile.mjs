// The node-* packages write `os` and `cpu` as plain strings; pnpm wants lists and would otherwise install every platform.
const asList = (value) => (typeof value === "string" ? [value] : value);

export const hooks = {
  readPackage(manifest) {
    if (manifest.os !== undefined) manifest.os = asList(manifest.os);
    if (manifest.cpu !== undefined) manifest.cpu = asList(manifest.cpu);
    return manifest;
  },
};
