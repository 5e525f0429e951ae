using System.Runtime.CompilerServices;

namespace IlgpuXai.Stats;

/// <summary>What the statistics ask of their input; each refusal is one line that names the method, the argument and the reason.</summary>
static class Require
{
    public static void Values(string method, ReadOnlySpan<double> values, int atLeast = 1, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        if (values.Length < atLeast)
            throw new ArgumentException($"{method}: {name} has {Count(values.Length)}, needs at least {atLeast}");
        for (int i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i]))
                throw new ArgumentException($"{method}: {name}[{i}] is {values[i]}, expects finite numbers");
    }

    public static void SameLength(string method, int a, int b)
    {
        if (a != b) throw new ArgumentException($"{method}: a has {Count(a)}, b has {b}, expects pairs");
    }

    public static void Confidence(string method, double confidence)
    {
        if (!(confidence is > 0 and < 1)) throw new ArgumentException($"{method}: confidence is {confidence}, expects a number between 0 and 1");
    }

    public static void Probability(string method, double p, string name)
    {
        if (!(p is >= 0 and <= 1)) throw new ArgumentException($"{method}: {name} is {p}, expects a number from 0 to 1");
    }

    public static void DegreesOfFreedom(string method, double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 0 && double.IsFinite(degreesOfFreedom)))
            throw new ArgumentException($"{method}: degreesOfFreedom is {degreesOfFreedom}, expects a positive number");
    }

    static string Count(int n) => n == 1 ? "1 value" : $"{n} values";
}
