namespace MiniPlane.Cel.Functions;

/// <summary>Calls on the authorizer.</summary>
internal static class AuthorizerFunctions
{
    private const int CheckCost = 350_000;

    public static void Add(FunctionList list)
    {
        foreach (string method in (string[])["path", "group", "resource", "subresource", "namespace", "name", "fieldSelector", "labelSelector"])
        {
            list.Add($"Authorizer.{method}(string) Authorizer", values => Call(values, method));
        }

        list.Add("Authorizer.serviceAccount(string, string) Authorizer", values => Call(values, "serviceAccount"))
            .Add("Authorizer.check(string) Authorizer", (values, frame) =>
            {
                frame.Budget.Charge(CheckCost);
                return Call(values, "check");
            })
            .Add("Authorizer.allowed() bool", values => Call(values, "allowed"))
            .Add("Authorizer.reason() string", values => Call(values, "reason"))
            .Add("Authorizer.errored() bool", values => Call(values, "errored"))
            .Add("Authorizer.error() string", values => Call(values, "error"));
    }

    private static object? Call(object?[] values, string method) => ((CelAuthorizer)values[0]!).Call(method, values[1..]);
}
