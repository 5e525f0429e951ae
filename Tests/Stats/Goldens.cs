using System.Text.Json;
using IlgpuXai.Stats;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>The numbers of SciPy, scikit-learn, mpmath and NIST that <c>Goldens/make_goldens.py</c> wrote.</summary>
static class Goldens
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
    static readonly JsonDocument File = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Stats", "Goldens", "goldens.json")));

    /// <summary>The cases of one section, each a test named by <paramref name="name"/>.</summary>
    public static IEnumerable<TestCaseData> Cases<T>(string section, Func<T, string> name)
    {
        foreach (var element in File.RootElement.GetProperty(section).EnumerateArray())
        {
            var golden = element.Deserialize<T>(Options)!;
            yield return new TestCaseData(golden).SetArgDisplayNames(name(golden));
        }
    }

    public static Alternative Alternative(string scipy) => scipy switch
    {
        "two-sided" => IlgpuXai.Stats.Alternative.TwoSided,
        "less" => IlgpuXai.Stats.Alternative.Less,
        "greater" => IlgpuXai.Stats.Alternative.Greater,
        _ => throw new ArgumentException(scipy),
    };

    /// <summary>|actual − expected| ≤ rtol·|expected| + atol for one number.</summary>
    public static void Near(double expected, double actual, double rtol, string what, double atol = 0) => Close.Check([expected], [actual], rtol, atol, what);
}
