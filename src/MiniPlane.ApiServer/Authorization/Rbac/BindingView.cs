using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>What authorization reads of a RoleBinding or ClusterRoleBinding.</summary>
internal sealed record BindingView
{
    public RoleReference RoleRef { get => field ?? new(); init; }

    public IReadOnlyList<Subject>? Subjects { get; init; }

    /// <summary>The subject that is this user, or null.</summary>
    public Subject? SubjectOf(UserInfo user, string bindingNamespace)
    {
        foreach (Subject subject in Subjects ?? [])
        {
            bool isUser = subject.Kind switch
            {
                "User" => subject.Name == user.Name,
                "Group" => user.IsIn(subject.Name),
                "ServiceAccount" => user.Name == $"system:serviceaccount:{(subject.Namespace.Length > 0 ? subject.Namespace : bindingNamespace)}:{subject.Name}",
                _ => false,
            };
            if (isUser)
            {
                return subject;
            }
        }

        return null;
    }

    /// <summary>rbac.v1.RoleRef.</summary>
    internal sealed record RoleReference
    {
        public string Kind { get => field ?? ""; init; }

        public string Name { get => field ?? ""; init; }
    }

    /// <summary>rbac.v1.Subject.</summary>
    internal sealed record Subject
    {
        public string Kind { get => field ?? ""; init; }

        public string Name { get => field ?? ""; init; }

        public string Namespace { get => field ?? ""; init; }

        public override string ToString() => Kind == "ServiceAccount" ? $"{Kind} \"{Name}/{Namespace}\"" : $"{Kind} \"{Name}\"";
    }
}
