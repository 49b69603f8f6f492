import { SignJWT } from 'jose';
import type { Role } from '../../schema/content/context.ts';
import { slugOf } from '../../schema/content/text/slug.ts';
import { type Config, ConfigError } from '../config.ts';
import { ensureLocalSecret } from './local-secret.ts';
import { LOCAL_ISSUER, SECRET_ALGORITHM } from './verify-token.ts';

/** How long a printed token is valid: long enough for trying the gateway out. */
const VALID_FOR = '30 days';

/**
 * Signs a token for trying the gateway out: with JWT_SECRET if it is set, otherwise with the secret in DATA_DIR. The
 * same name makes the same member.
 * @throws ConfigError when the configured gateway would refuse the token
 */
export async function signToken(config: Config, { name, role }: { name: string; role: Role }): Promise<string> {
  const { jwtSecret, jwtIssuer, jwtAudience, jwtRolesClaim, localTokens, dataDir } = config;
  if (jwtSecret === null && !localTokens)
    throw new ConfigError(
      config.jwksUrl === null
        ? 'NODE_ENV=production: tokens signed with a local secret are refused; set JWT_SECRET or JWT_JWKS_URL'
        : 'JWT_JWKS_URL: only the identity provider that publishes these keys can sign tokens; get a token from it',
    );
  const secret = jwtSecret === null ? await ensureLocalSecret(dataDir) : Buffer.from(jwtSecret);
  const issuer = jwtSecret === null ? LOCAL_ISSUER : jwtIssuer;
  const token = new SignJWT({ name, [jwtRolesClaim]: [role.toLowerCase()] })
    .setProtectedHeader({ alg: SECRET_ALGORITHM })
    .setSubject(slugOf(name))
    .setIssuedAt()
    .setExpirationTime(VALID_FOR);
  if (issuer !== null) token.setIssuer(issuer);
  if (jwtAudience !== null) token.setAudience(jwtAudience);
  return token.sign(secret);
}
