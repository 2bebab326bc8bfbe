import { describe, expect, it } from "vitest";
import { minimise, type Objective } from "../../../commands/classify/lbfgs.ts";

/** Σ 100 (x₂ᵢ − x₂ᵢ₋₁²)² + (1 − x₂ᵢ₋₁)² over pairs: its minimum is 0, at 1, 1, … */
const rosenbrock: Objective = (point) => {
  const gradient = new Float64Array(point.length);
  let value = 0;
  for (let i = 0; i < point.length; i += 2) {
    const [x, y] = [point[i] ?? 0, point[i + 1] ?? 0];
    value += 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    gradient[i] = -400 * x * (y - x * x) - 2 * (1 - x);
    gradient[i + 1] = 200 * (y - x * x);
  }
  return Promise.resolve({ value, gradient });
};

describe("L-BFGS", () => {
  it("finds the minimum of Rosenbrock's function in twenty dimensions", async () => {
    const start = Float64Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const { point, value, converged, iterations } = await minimise(start, rosenbrock, {
      tolerance: 1e-8,
      iterations: 200,
    });
    expect(converged).toBe(true);
    expect(iterations).toBeLessThan(60);
    expect(value).toBeLessThan(1e-15);
    for (const each of point) expect(each).toBeCloseTo(1, 7);
  });

  it("needs about as many iterations as SciPy's on a badly scaled bowl, and little more than one evaluation each", async () => {
    let evaluations = 0;
    const scales = Float64Array.from({ length: 50 }, (_, i) => 10 ** (i / 25));
    const bowl: Objective = (point) => {
      evaluations++;
      const gradient = point.map((each, i) => (scales[i] ?? 0) * (each - 3));
      const value = point.reduce((sum, each, i) => sum + ((scales[i] ?? 0) * (each - 3) ** 2) / 2, 0);
      return Promise.resolve({ value, gradient });
    };
    const found = await minimise(new Float64Array(50), bowl, { tolerance: 1e-6, iterations: 500 });
    expect(found.converged).toBe(true);
    // scipy.optimize.minimize(method="L-BFGS-B", gtol=1e-6) of SciPy 1.16: 87 iterations, 97 evaluations.
    expect(found.iterations).toBeLessThan(110);
    expect(evaluations).toBeLessThan(1.2 * found.iterations);
    for (const each of found.point) expect(each).toBeCloseTo(3, 5);
  });

  it("says where its iterations ran out", async () => {
    const found = await minimise(Float64Array.of(-1.2, 1), rosenbrock, { tolerance: 1e-8, iterations: 3 });
    expect(found).toMatchObject({ converged: false, iterations: 3 });
  });

  it("ends where the gradient is wrong and nothing goes down", async () => {
    const uphill: Objective = (point) =>
      Promise.resolve({ value: (point[0] ?? 0) ** 2 + 1, gradient: Float64Array.of(-2 * (point[0] ?? 0)) });
    const found = await minimise(Float64Array.of(1), uphill, { tolerance: 1e-8, iterations: 100 });
    expect(found.converged).toBe(false);
    expect(found.point).toEqual(Float64Array.of(1));
  });

  it("comes near the minimum of a function that is computed in float32", async () => {
    const noisy: Objective = async (point) => {
      const { value, gradient } = await rosenbrock(point);
      return { value: Math.fround(value + 1000), gradient: gradient.map(Math.fround) };
    };
    const found = await minimise(Float64Array.of(-1.2, 1), noisy, {
      tolerance: 1e-4,
      iterations: 200,
      rounding: 1e-7,
    });
    for (const each of found.point) expect(each).toBeCloseTo(1, 2);
  });
});
