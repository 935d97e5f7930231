// An OpenID Connect provider (npm oidc-provider) for the tests of sign-in, with its own pages for
// logging in and agreeing. Arguments: one JSON object.
//   port             where to listen on 127.0.0.1; the issuer is http://127.0.0.1:PORT
//   return_url       where its one client, "narada", is sent back to
//   secret           that client's secret
//   people           {login: claims}; a login that is not there is refused
//   keys             JWKS with the private keys to sign with
//   algorithm        of the ID token: RS256, PS256, ES256
//   claims_in_token  the claims stand in the ID token, not only in the userinfo
//   method           client_secret_basic, client_secret_post
'use strict';
const options = JSON.parse(process.argv[2]);
console.info = console.warn = () => {};  // advice for those who run it in earnest

const claims_of = login => ({ sub: `subject-of-${login}`, ...options.people[login] });

import('oidc-provider').then(({ Provider }) => {
  const provider = new Provider(`http://127.0.0.1:${options.port}`, {
    clients: [{
      client_id: 'narada',
      client_secret: options.secret,
      redirect_uris: [options.return_url],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: options.method,
      id_token_signed_response_alg: options.algorithm,
    }],
    clientAuthMethods: [options.method],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
    jwks: options.keys,
    cookies: { keys: ['a key of the tests'] },
    claims: { email: ['email', 'email_verified'], profile: ['name', 'given_name', 'family_name'] },
    conformIdTokenClaims: !options.claims_in_token,
    pkce: { required: () => true, methods: ['S256'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (context, login) =>
      options.people[login] && { accountId: login, claims: () => claims_of(login) },
  });
  provider.listen(options.port, '127.0.0.1', () => process.stdout.write('ready\n'));
});
