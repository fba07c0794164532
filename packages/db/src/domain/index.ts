export { addDomain, listDomains, readProof, removeDomain, saveCheck, type ListedDomain } from "./domain-claim.ts";
export { saveRecheck, takeDueDomain } from "./domain-recheck.ts";
export { verifyDomain } from "./verified-domain.ts";
