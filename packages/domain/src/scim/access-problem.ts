/** Why a SCIM request was not authenticated: what is wrong with its token. */
export type AccessProblem = "tokenUnknown" | "tokenExpired" | "tokenRevoked" | "tokenSecretWrong" | "tokenMalformed";
