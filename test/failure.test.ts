import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { describeFailure } from '../src/failure.ts';

describe('the message of a failed command', () => {
  it('has no stack when the error explains itself', () => {
    expect(
      describeFailure(new Error('Broadsheet needs PostgreSQL 15 or newer; the server in DATABASE_URL is 14.2.'), {}),
    ).toBe('Broadsheet needs PostgreSQL 15 or newer; the server in DATABASE_URL is 14.2.');
  });

  it('has the stack of a fault of the program', () => {
    expect(describeFailure(new TypeError('x is not a function'), {})).toMatch(/^TypeError: x is not a function\n +at /);
  });

  it('has the stack at LOG_LEVEL=debug', () => {
    expect(describeFailure(new Error('No.'), { LOG_LEVEL: 'debug' })).toMatch(/^Error: No\.\n +at /);
  });

  it('names the database once, without the password, when several addresses failed', () => {
    const refused = (address: string) =>
      Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect', address });
    const error = new AggregateError([refused('::1'), refused('127.0.0.1')]);
    expect(describeFailure(error, { DATABASE_URL: 'postgres://me:tulip@localhost:5432/news' })).toBe(
      'DATABASE_URL: no PostgreSQL answers at localhost:5432 (ECONNREFUSED)',
    );
  });

  it('names the database that lets its role change nothing', () => {
    const error = Object.assign(new pg.DatabaseError('permission denied for table article', 0, 'error'), {
      code: '42501',
    });
    expect(describeFailure(error, { DATABASE_URL: 'postgres://me:tulip@db/news' })).toBe(
      'DATABASE_URL: db: permission denied for table article; `broadsheet doctor` checks what its role may do',
    );
  });

  it('names the variable to change when the gateway cannot listen', () => {
    const failed = (code: string) =>
      Object.assign(new Error(code), { code, syscall: 'listen', address: '10.1.1.1', port: 80 });
    expect(describeFailure(failed('EACCES'), {})).toBe(
      'PORT=80: this user may not listen on 10.1.1.1:80; choose a port from 1024',
    );
    expect(describeFailure(failed('EADDRNOTAVAIL'), {})).toBe('HOST=10.1.1.1: this machine has no such address');
  });
});
