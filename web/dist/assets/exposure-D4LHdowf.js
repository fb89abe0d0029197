import{n as e,r as t}from"./rolldown-runtime-XKyaHtl9.js";import{O as n,U as r,a as i,c as a,i as o,r as s}from"./snapshot-7koWZbVJ.js";import{G as c,H as l,I as u,K as d,M as f,N as p,O as m,R as h,V as g,W as _,X as v,Y as y,Z as b,_ as x,i as S,j as C,ot as w,pt as T,q as E,qt as D,tt as O}from"./index-BVLmemsQ.js";import{a as k,i as A,n as j,o as M,r as N,t as ee}from"./filteredout-RjCoZS6b.js";import{t as P}from"./table-Br3jMRWJ.js";var F=n();function I({hops:e}){return(0,F.jsx)(`ol`,{className:`hops`,children:e.map((e,t)=>(0,F.jsxs)(`li`,{className:L(e.decision),children:[(0,F.jsx)(`span`,{className:`hm`,children:(0,F.jsx)(v,{name:{ok:`check`,no:`ban`,maybe:`gap`}[L(e.decision)],size:`xs`})}),(0,F.jsxs)(`span`,{className:`he`,children:[(0,F.jsx)(b,{kind:e.element.kind,size:`s`}),(0,F.jsx)(`b`,{className:`el`,title:e.element.id,children:g(e.element.name,30)}),(0,F.jsx)(`span`,{className:`m s12`,children:e.element.kindTitle})]}),(0,F.jsxs)(`span`,{className:`hr`,children:[e.rule,e.evidence&&(0,F.jsxs)(`span`,{className:`m s12 el`,title:`${e.evidence.text} (${e.evidence.call})`,children:[e.evidence.title,e.evidence.pointer&&` at ${e.evidence.pointer}`,e.evidence.readAt&&`, read ${l(e.evidence.readAt)}`]})]}),(0,F.jsx)(`span`,{className:`hd2`,children:e.decision})]},`${e.element.id}:${t}`))})}function L(e){return/unknown|not read|missing/i.test(e)?`maybe`:/block|den|drop|no route|closed|refus|reject|none/i.test(e)?`no`:`ok`}var R=_(`
  query Exposed($snapshot: ID, $first: Int, $after: String, $filter: ExposureFilter) {
    exposed(snapshot: $snapshot, first: $first, after: $after, filter: $filter) {
      nodes {
        id
        node { id kind kindTitle name account accountName region }
        class
        layer
        assumed
        ranges { sources protocol ports }
        behind(first: 3) { id kind name }
        onPaths
      }
      pageInfo { hasNextPage endCursor }
      totalCount
      unfilteredCount
      facets { field values { value title count } }
    }
  }
`),z=_(`
  query EndpointDetail($snapshot: ID, $id: ID!, $to: String!) {
    node(id: $id, snapshot: $snapshot) {
      ... on EstateNode {
        id
        kind
        kindTitle
        name
        account
        accountName
        region
        endpoint {
          id
          class
          layer
          assumed
          ranges { sources protocol ports }
          chain { ...HopParts }
          network { verdict }
          service { verdict }
          behind(first: 10) { id kind name }
          onPaths
        }
      }
    }
    reach(from: "internet", to: $to, snapshot: $snapshot) {
      verdict
      network { verdict }
      service { verdict }
      layer
      chain { ...HopParts }
      blockedBy { element { id kind name } rule why }
      opens
      missing
    }
  }

  fragment HopParts on Hop {
    element { id kind kindTitle name account accountName }
    rule
    decision
    evidence {
      node { id name }
      document
      title
      pointer
      lines
      sid
      text
      call
      readAt
    }
  }
`);function B({id:e,onClose:t}){let n=s(),r=T({queryKey:[`endpoint`,e,n],queryFn:({signal:t})=>D(z,{id:e,to:e,snapshot:n},t),placeholderData:void 0});f([{keys:`Escape`,title:`Back to the list`,run:t}]);let i=r.data?.node,a=i&&`endpoint`in i?i:null;return(0,F.jsxs)(`aside`,{className:`panel exd`,"aria-label":`Endpoint`,children:[(0,F.jsxs)(`div`,{className:`ph`,children:[a&&(0,F.jsx)(b,{kind:a.kind}),(0,F.jsx)(`h2`,{className:`el`,title:e,children:a?a.name:g(e,40)}),a&&(0,F.jsxs)(`span`,{className:`sub`,children:[a.kindTitle,a.account&&`, ${h(a)}`]}),(0,F.jsx)(`span`,{className:`grow`}),(0,F.jsx)(`button`,{type:`button`,className:`ib`,"aria-label":`Close`,onClick:t,children:(0,F.jsx)(v,{name:`x`,size:`s`})})]}),(0,F.jsx)(`div`,{className:`exb`,tabIndex:0,role:`region`,"aria-label":`How it is reached`,children:r.error?(0,F.jsx)(E,{error:r.error,onRetry:()=>r.refetch()}):r.isPending?(0,F.jsx)(y,{rows:6,height:40}):a?.endpoint&&r.data?(0,F.jsx)(V,{node:a,endpoint:a.endpoint,reach:r.data.reach}):(0,F.jsx)(d,{title:`This endpoint is not in this snapshot.`})})]})}function V(e){let{node:t,endpoint:n,reach:r}=e,a=o(),s=r.chain.length>0?r.chain:n.chain;return(0,F.jsxs)(F.Fragment,{children:[(0,F.jsx)(`p`,{className:`say`,children:H(t.name,n,r)}),(0,F.jsxs)(`dl`,{className:`parts`,children:[(0,F.jsx)(U,{title:`Network`,verdict:r.network.verdict}),r.service&&(0,F.jsx)(U,{title:`Service policy`,verdict:r.service.verdict}),(0,F.jsxs)(`div`,{children:[(0,F.jsx)(`dt`,{children:`Class`}),(0,F.jsxs)(`dd`,{children:[x[n.class].word,`, by `,Z[n.layer]]})]})]}),r.blockedBy&&(0,F.jsxs)(`div`,{className:`blk`,children:[(0,F.jsxs)(`p`,{children:[(0,F.jsxs)(`b`,{children:[`Stopped at `,r.blockedBy.element.name,`:`]}),` `,r.blockedBy.why]}),r.blockedBy.rule&&(0,F.jsx)(`p`,{className:`m2`,children:r.blockedBy.rule}),r.opens&&(0,F.jsxs)(`p`,{className:`m2`,children:[`The smallest change that would open it: `,r.opens]})]}),s.length>0&&(0,F.jsxs)(F.Fragment,{children:[(0,F.jsx)(`h3`,{children:`From the internet, hop by hop`}),(0,F.jsx)(I,{hops:s})]}),n.ranges.length>0&&(0,F.jsxs)(F.Fragment,{children:[(0,F.jsx)(`h3`,{children:`What arrives`}),(0,F.jsxs)(`table`,{className:`rng`,children:[(0,F.jsx)(`thead`,{children:(0,F.jsxs)(`tr`,{children:[(0,F.jsx)(`th`,{scope:`col`,children:`Port`}),(0,F.jsx)(`th`,{scope:`col`,children:`From`})]})}),(0,F.jsx)(`tbody`,{children:n.ranges.map(e=>(0,F.jsxs)(`tr`,{children:[(0,F.jsx)(`td`,{children:Q([e])}),(0,F.jsxs)(`td`,{className:`m2`,title:e.sources.join(`, `),children:[e.sources.slice(0,4).join(`, `),e.sources.length>4&&` and ${e.sources.length-4} more`]})]},`${e.protocol}:${e.ports}:${e.sources[0]}`))})]})]}),[...n.assumed,...r.missing].length>0&&(0,F.jsxs)(F.Fragment,{children:[(0,F.jsx)(`h3`,{children:`What it rests on`}),(0,F.jsxs)(`ul`,{className:`m2`,children:[n.assumed.map(e=>(0,F.jsxs)(`li`,{children:[`Taken for granted: `,e]},e)),r.missing.map(e=>(0,F.jsxs)(`li`,{children:[`Not seen: `,e]},e))]})]}),(0,F.jsx)(`h3`,{children:`What sits behind it`}),n.behind.length>0?(0,F.jsxs)(F.Fragment,{children:[(0,F.jsxs)(`p`,{children:[(0,F.jsx)(i,{className:`textlink`,href:a.href(`/paths`,{f:`through:${t.id}`}),children:w(n.onPaths,`path family`,`path families`)}),` `,(0,F.jsx)(`span`,{className:`m2`,children:`through it lead to`})]}),(0,F.jsx)(`ul`,{className:`bhl`,children:n.behind.map(e=>(0,F.jsx)(`li`,{children:(0,F.jsxs)(i,{className:`name`,href:a.href(`/data`,{sel:e.id}),children:[(0,F.jsx)(b,{kind:e.kind,size:`s`}),(0,F.jsx)(`span`,{children:e.name})]})},e.id))})]}):(0,F.jsx)(`p`,{className:`m2`,children:`No path to a critical asset was seen through it.`})]})}function H(e,t,n){if(n.verdict===`reachable`)return(0,F.jsxs)(F.Fragment,{children:[(0,F.jsxs)(`b`,{children:[`A packet from the internet arrives at `,e,`.`]}),` `,n.service?.verdict===`reachable`&&`Its policy lets the call pass.`]});if(n.verdict===`unknown`)return(0,F.jsxs)(F.Fragment,{children:[(0,F.jsx)(`b`,{children:`Not known.`}),` Something that decides was not read.`]});let r=n.network.verdict===`reachable`&&n.service?.verdict===`blocked`;return(0,F.jsxs)(F.Fragment,{children:[(0,F.jsxs)(`b`,{children:[`Nothing from the internet `,r?`gets past its policy`:`arrives`,`.`]}),` `,r&&`The network lets packets through.`,!r&&t.class===`internal`&&`It answers inside the estate.`]})}function U({title:e,verdict:t}){return(0,F.jsxs)(`div`,{children:[(0,F.jsx)(`dt`,{children:e}),(0,F.jsxs)(`dd`,{className:`name`,children:[(0,F.jsx)(v,{name:{reachable:`check`,blocked:`ban`,unknown:`gap`}[t],size:`s`}),(0,F.jsx)(`span`,{children:t===`reachable`?`open`:t})]})]})}var W=e({LAYER:()=>Z,default:()=>q,ports:()=>Q,sources:()=>$}),G=t(r(),1),K=[{field:`class`,title:`Class`,domain:[`none`,`internal`,`partner`,`restricted`,`broad`,`internet`,`unknown`],ordered:!0,word:e=>x[e]?.word??e},{field:`kind`,title:`Kind`},{field:`account`,title:`Account`},{field:`port`,title:`Port`}];function q({endpoint:e}){let t=s(),n=o(),[,r]=a(),i=u().data?.estate,l=N(K),f={snapshot:t,first:50,filter:{text:l.text||void 0,class:l.values(`class`),kind:l.values(`kind`),account:l.values(`account`),port:Number(l.values(`port`)?.[0])||void 0}},h=M(`exposed`,R,f,e=>e.exposed),g=h.first,_=(0,G.useCallback)(e=>`/exposure/${encodeURIComponent(e.id)}${window.location.search}`,[]),b=(0,G.useCallback)(e=>n.href(`/paths`,{f:`through:${e.id}`}),[n]),x=(0,G.useMemo)(()=>Y(_,b,e!==null),[_,b,e]),S=e=>r(_(e)),T=J(g?.facets,[`internet`,`broad`]);return(0,F.jsxs)(`div`,{className:`page list page-exposure`,children:[(0,F.jsxs)(`div`,{className:`hd`,children:[(0,F.jsx)(`h1`,{children:`Exposure`}),g&&(0,F.jsxs)(`span`,{className:`lead opt`,children:[T,` of `,w(g.unfilteredCount,`endpoint`),` answer from the internet or a broad range. Network and service policy are decided apart.`]}),(0,F.jsxs)(`div`,{className:`ac`,children:[(0,F.jsx)(p,{text:()=>C(i?.snapshot.id),label:`Copy link`,children:(0,F.jsx)(v,{name:`link`,size:`s`})}),(0,F.jsx)(m,{of:{name:`exposure`,filters:[...l.filters.map(A),l.text].filter(Boolean).join(` `),csv:async()=>(await D()).map(te),json:D}})]})]}),(0,F.jsx)(j,{fields:K,facets:g?.facets??[],state:l}),(0,F.jsx)(c,{text:g?w(g.totalCount,`endpoint`):``}),(0,F.jsxs)(`div`,{className:e?`exs open`:`exs`,children:[(0,F.jsx)(`div`,{className:`panel fill`,"data-refreshing":h.refreshing||void 0,children:h.error?(0,F.jsx)(E,{error:h.error,onRetry:h.retry}):h.loading?(0,F.jsx)(y,{rows:12,height:42}):h.rows.length===0&&g&&g.unfilteredCount>0?(0,F.jsx)(ee,{title:`No endpoint matches these filters.`,without:w(g.unfilteredCount,`endpoint`),filters:l}):h.rows.length===0&&g?(0,F.jsx)(d,{title:`No endpoint was read.`}):(0,F.jsx)(P,{label:`Endpoints`,columns:x,rows:h.rows,rowId:e=>e.id,rowHeight:46,total:g?.totalCount??h.rows.length,selected:e,onEnd:h.more,keys:e=>[{keys:`Enter`,title:`Show the way hop by hop`,run:()=>S(e)}]})}),e&&(0,F.jsx)(B,{id:e,onClose:()=>r(`/exposure${window.location.search}`)})]})]});async function D(){return k(R,{...f,first:200},e=>e.exposed)}}function J(e,t){return(e?.find(e=>e.field===`class`)?.values??[]).reduce((e,n)=>e+(t.includes(n.value)?n.count:0),0)}function Y(e,t,n){let r=[{key:`name`,title:`Endpoint`,cell:t=>(0,F.jsxs)(i,{className:`name rowlink`,href:e(t),title:t.id,children:[(0,F.jsx)(b,{kind:t.node.kind}),(0,F.jsxs)(`span`,{className:`nm`,children:[(0,F.jsx)(`b`,{children:(0,F.jsx)(S,{of:t.node.name})}),(0,F.jsxs)(`em`,{children:[t.node.kindTitle,t.node.account&&`, ${h(t.node)}`]})]})]})},{key:`class`,title:`Class`,width:116,cell:e=>(0,F.jsxs)(`span`,{className:`name ${x[e.class].tone}`,children:[(0,F.jsx)(v,{name:x[e.class].icon,size:`s`}),(0,F.jsx)(`span`,{children:x[e.class].word})]})},{key:`ports`,title:`Ports`,width:136,cell:e=>(0,F.jsx)(X,{row:e,children:Q(e.ranges)})}];return n?r:[...r,{key:`sources`,title:`Sources`,width:190,cell:e=>(0,F.jsx)(X,{row:e,title:e.ranges.flatMap(e=>e.sources).join(`, `),children:$(e.ranges)})},{key:`layer`,title:`Decided by`,width:118,cell:e=>(0,F.jsx)(`span`,{className:`m2`,children:Z[e.layer]})},{key:`behind`,title:`Critical assets behind it`,width:260,cell:e=>e.behind.length>0?(0,F.jsx)(`span`,{className:`name`,children:e.behind.slice(0,2).map(e=>(0,F.jsxs)(`span`,{className:`bh`,title:e.name,children:[(0,F.jsx)(b,{kind:e.kind,size:`s`}),(0,F.jsx)(S,{of:e.name})]},e.id))}):(0,F.jsx)(`span`,{className:`m`,children:`no path seen through it`})},{key:`paths`,title:`Families`,width:78,right:!0,cell:e=>e.onPaths>0?(0,F.jsx)(i,{className:`acc over`,href:t(e),children:O(e.onPaths)}):(0,F.jsx)(`span`,{className:`m`,children:`0`})}]}function X({row:e,title:t,children:n}){return e.class===`unknown`&&e.ranges.length===0?(0,F.jsx)(`span`,{className:`m`,children:`not known`}):(0,F.jsx)(`span`,{className:`m2`,title:t,children:n})}var Z={network:`network`,lb:`load balancer`,service:`service policy`};function Q(e){let t=e.map(e=>{let[t,n]=e.ports.split(`-`),r=t===n||n===void 0?t??``:t===`0`&&n===`65535`?`any`:`${t}-${n}`;return e.ports===``?e.protocol:`${r} ${e.protocol}`});return[...new Set(t)].join(`, `)||`none`}function $(e){let t=[...new Set(e.flatMap(e=>e.sources))].map(e=>({"0.0.0.0/0":`anywhere, IPv4`,"::/0":`anywhere, IPv6`})[e]??e);return t.length<=2?t.join(`; `)||`nowhere`:`${t.slice(0,2).join(`; `)} +${t.length-2}`}function te(e){return{id:e.id,name:e.node.name,kind:e.node.kind,account:e.node.account,class:e.class,layer:e.layer,ports:Q(e.ranges),sources:[...new Set(e.ranges.flatMap(e=>e.sources))].join(` `),assumed:e.assumed.join(`; `),behind:e.behind.map(e=>e.id).join(` `),families:e.onPaths}}export{Q as n,I as r,W as t};