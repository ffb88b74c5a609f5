using MiniPlane.Cel.Expressions;
using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Functions;

/// <summary>One form of a function: what it takes, what it gives, and how.</summary>
internal sealed class Overload(string name, bool isMember, CelType[] parameters, CelType result, Func<object?[], Frame, object?> run)
{
    public string Name => name;

    public bool IsMember => isMember;

    /// <summary>Whether the values of a call fit.</summary>
    public bool Takes(bool asMember, object?[] values)
    {
        if (asMember != isMember || values.Length != parameters.Length)
        {
            return false;
        }

        for (int at = 0; at < values.Length; at++)
        {
            if (parameters[at].Kind != CelKind.Dyn && parameters[at].Kind != CelText.TypeOf(values[at]).Kind)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the types of a call may fit.</summary>
    public bool Accepts(bool asMember, CelType[] types)
    {
        if (asMember != isMember || types.Length != parameters.Length)
        {
            return false;
        }

        for (int at = 0; at < types.Length; at++)
        {
            if (!parameters[at].Accepts(types[at]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The type of the result; functions of lists and optional values keep what is known of the elements.</summary>
    public CelType ResultOf(CelType[] types)
    {
        if (result.Kind == CelKind.List && result.Element.Kind == CelKind.Dyn && types.Length > 0 && types[0].Kind == CelKind.List && name != "flatten")
        {
            return types[0];
        }

        return name switch
        {
            "orValue" or "value" when types[0].Kind == CelKind.Optional => types[0].Element,
            "optional.of" or "optional.ofNonZeroValue" => CelType.Optional(types[0]),
            "min" or "max" when types[0].Kind == CelKind.List => types[0].Element,
            "first" or "last" when types[0].Kind == CelKind.List => CelType.Optional(types[0].Element),
            _ => result,
        };
    }

    public object? Run(object?[] values, Frame frame)
    {
        try
        {
            return run(values, frame);
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            throw new CelException(error.Message, error);
        }
    }
}
