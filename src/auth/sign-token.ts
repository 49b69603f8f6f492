import { SignJWT } from 'jose';
import type { Role } from '../../schema/content/context.ts';
import { slugOf } from '../../schema/content/text/slug.ts';
import { type Config, ConfigError } from '../config.ts';
import { ensureLocalSecret } from './local-secret.ts';
import { LOCAL_ISSUER, SECRET_ALGORITHM } from './verify-token.ts';

/** How long a printed token is valid: long enough to try things out. */
const VALID_FOR = '30 days';

/**
 * A token for trying things out, signed with JWT_SECRET where it is set, and otherwise with a secret under DATA_DIR.
 * The same name is the same person.
 * @throws ConfigError where the gateway would not take it
 */
export async function signToken(config: Config, { name, role }: { name: string; role: Role }): Promise<string> {
  const { jwtSecret, jwtIssuer, jwtAudience, jwtRolesClaim, localTokens, dataDir } = config;
  if (jwtSecret === null && !localTokens)
    throw new ConfigError(
      config.jwksUrl === null
        ? 'NODE_ENV=production: tokens of a local secret are not taken; set JWT_SECRET or JWT_JWKS_URL'
        : 'JWT_JWKS_URL: tokens come from whoever publishes those keys',
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
