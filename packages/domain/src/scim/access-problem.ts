/** Why a SCIM call was not let in, beside the rules: what is wrong with its token. */
export type AccessProblem = "tokenUnknown" | "tokenExpired" | "tokenRevoked" | "tokenSecretWrong" | "tokenMalformed";
