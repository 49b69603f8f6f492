// PostGraphile needs Node.js 22 for one function, which Node.js 20 does not have.
Promise.withResolvers ??= function withResolvers<Value>(this: PromiseConstructor): PromiseWithResolvers<Value> {
  let resolve!: PromiseWithResolvers<Value>['resolve'];
  let reject!: PromiseWithResolvers<Value>['reject'];
  const promise = new this<Value>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  return { promise, resolve, reject };
};
